/**
 * Builds what runs: the ruleset from `rules/`, WebAssembly from `packages/core/assembly`, and the bundles of the CLI
 * (`packages/cli/dist/`) and of the GitHub Action (`packages/github-action/dist/`). With `--types` also what
 * core publishes (`tsc -b`: JavaScript and declarations). Started by tools/bootstrap.mjs, which knows when it is due.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleCli } from './build/bundle-cli.ts';
import { compileAssembly } from './build/compile-assembly.ts';

const root = join(import.meta.dirname, '..');

function run(...args: readonly string[]): void {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(1);
}

run('--conditions=dev', join(root, 'tools/build-rules.ts'));
compileAssembly(join(root, 'packages/core'));
if (process.argv.includes('--types')) {
  // What was compiled from sources that are gone would stay.
  for (const name of ['core', 'pre-commit'])
    rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });
  run(
    join(root, 'tools/node_modules/typescript/bin/tsc'),
    '-b',
    'packages/core/tsconfig.build.json',
    'packages/pre-commit/tsconfig.build.json',
  );
  // The compiler brings nothing but modules along.
  for (const file of ['rules/generated/rules.jsonl', 'rules/generated/tables.bin', 'engine/re2/re2.wasm']) {
    const target = join(root, 'packages/core/dist', file);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, 'packages/core/src', file), target);
  }
}
await bundleCli({
  entry: join(root, 'packages/cli/src/entry.ts'),
  worker: join(root, 'packages/core/src/pipeline/worker.ts'),
  together: [
    join(root, 'packages/cli/src/scan-now.ts'),
    join(root, 'packages/cli/src/hook-now.ts'),
    join(root, 'packages/core/src/sources/git/staged-source.ts'),
    join(root, 'packages/core/src/sources/git/staged-reader.ts'),
  ],
  outputFolder: join(root, 'packages/cli/dist'),
});
await bundleCli({
  entry: join(root, 'packages/github-action/src/main.ts'),
  entryName: 'main',
  worker: join(root, 'packages/core/src/pipeline/worker.ts'),
  // What GitHub's libraries bring along is required in ways of its own, and nobody waits for a millisecond here.
  late: false,
  outputFolder: join(root, 'packages/github-action/dist'),
});
