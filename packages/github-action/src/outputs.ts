/** What later steps of the job can read: GITHUB_OUTPUT. */
import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { OUTPUTS, type OutputName } from './input-table.ts';

/** `file`: as the runner names it; undefined where there is none. @throws NodeJS.ErrnoException */
export async function writeOutputs(
  file: string | undefined,
  values: Readonly<Record<OutputName, string | number>>,
): Promise<void> {
  if (file === undefined || file === '') return;
  const lines = OUTPUTS.map(({ name }) => {
    // Nothing that a value holds can be the end of it.
    const end = `unleak_${randomUUID()}`;
    return `${name}<<${end}\n${values[name]}\n${end}\n`;
  });
  await appendFile(file, lines.join(''));
}
