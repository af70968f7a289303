import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { StepFailure } from './run-steps.ts';

/** The repository's root. */
export const root: string = join(import.meta.dirname, '../..');

const toolFolders = ['tools/node_modules/.bin', 'test/node_modules/.bin'].map((folder) => join(root, folder));

/** Programs of the workspace by the script that starts them. */
const tools = {
  attw: 'tools/node_modules/@arethetypeswrong/cli/dist/index.js',
  knip: 'tools/node_modules/knip/bin/knip.js',
  oxfmt: 'tools/node_modules/oxfmt/bin/oxfmt',
  oxlint: 'tools/node_modules/oxlint/bin/oxlint',
  publint: 'tools/node_modules/publint/src/cli.js',
  tsc: 'tools/node_modules/typescript/bin/tsc',
  vitest: 'test/node_modules/vitest/vitest.mjs',
} as const;

/** Runs a program of the workspace in the root with our stdio. Rejects with a StepFailure unless it ends with 0. */
export function runTool(name: keyof typeof tools, args: readonly string[]): Promise<void> {
  return runNode([tools[name], ...args]);
}

/** Runs a script with this Node, likewise. */
export function runNode(args: readonly string[]): Promise<void> {
  // oxlint looks for its type checker in PATH.
  const path = [...toolFolders, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });
  child.once('error', reject);
  child.once('exit', (code, signal) => {
    if (code === 0) resolve();
    else reject(new StepFailure(`${args.join(' ')} ended with ${signal ?? `exit code ${String(code)}`}`));
  });
  return promise;
}
