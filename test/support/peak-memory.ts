import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.ts';

export interface PeakMemory {
  /** For the environment of a Node process. */
  readonly env: Readonly<Record<string, string>>;
  /** Most memory that the process ever had resident, in bytes; once it has ended by itself. */
  bytes(): number;
}

/** Lets a Node process write down, at its end, how much memory it took. */
export function measurePeakMemory(): PeakMemory {
  const folder = tempFolder();
  const result = join(folder, 'kilobytes');
  const module = join(folder, 'measure.mjs');
  writeFileSync(
    module,
    `import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.on('exit', () => writeFileSync(${JSON.stringify(result)}, String(process.resourceUsage().maxRSS)));
`,
  );
  return {
    env: { NODE_OPTIONS: `--import=${module}` },
    bytes: () => Number(readFileSync(result, 'utf8')) * 1024,
  };
}
