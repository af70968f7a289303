/**
 * Builds from clean and makes the tarballs that are published, with their digests in SHA256SUMS:
 * `npm run exec -- node tools/pack.ts [--out DIR]`; by default below `.cache/packages`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PUBLISHED, packAll } from './pack/published.ts';
import { StepFailure } from './test-run/run-steps.ts';
import { root, runNode } from './test-run/run-program.ts';

const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;
const folder = out === undefined ? join(root, '.cache/packages') : resolve(out);

try {
  await pack();
} catch (error) {
  if (!(error instanceof StepFailure)) throw error;
  process.stderr.write(`pack: ${error.message}\n`);
  process.exitCode = 1;
}

async function pack(): Promise<void> {
  // What was built from sources that are gone would travel along.
  for (const name of PUBLISHED) rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });
  await runNode(['tools/bootstrap.mjs', 'build']);

  if (out === undefined) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const lines = packAll(folder).map((file) => {
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
    return `${digest}  ${basename(file)}\n`;
  });
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''));
  process.stdout.write(`${folder}\n${lines.join('')}`);
}
