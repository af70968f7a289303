/**
 * The tarball of `@unleak/core` in a project of somebody else: imported from JavaScript, checked from TypeScript. npm would
 * fetch its dependencies; here they are linked to where the workspace has them.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeTempDir } from '../support/repo.ts';
import { tarballs } from '../support/tarballs.ts';
import { githubToken } from '../support/tokens.ts';

const root = join(import.meta.dirname, '../..');
const files = tarballs();
const place = makeTempDir('uses-core');
afterAll(() => place.remove());
const project = place.path;
install();

function install(): void {
  const core = join(project, 'node_modules/@unleak/core');
  mkdirSync(core, { recursive: true });
  execFileSync('tar', ['-xzf', files.core, '-C', core, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(core, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(project, 'node_modules', name)), { recursive: true });
    symlinkSync(realpathSync(join(root, 'packages/core/node_modules', name)), join(project, 'node_modules', name));
  }
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
}

/** The example of the readme, as people copy it. */
const [, example = ''] = /```js\n([^]*?)```/.exec(readFileSync(join(root, 'packages/core/README.md'), 'utf8')) ?? [];
const PROGRAM = `const text = \`name: app\\ntoken: \${process.argv[2]}\\n\`;\n${example}`;

test('JavaScript: a text is scanned, and the token found at its bytes', () => {
  writeFileSync(join(project, 'scan.mjs'), PROGRAM);
  const token = githubToken('core');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['scan.mjs', token], {
    cwd: project,
    encoding: 'utf8',
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: `github-pat 17 ${17 + token.length}\n`, stderr: '', status: 0 });
});

test('JavaScript: CommonJS can require it, too', () => {
  writeFileSync(join(project, 'scan.cjs'), `console.log(typeof require('@unleak/core').createScanner);`);
  const { stdout } = spawnSync(process.execPath, ['scan.cjs'], { cwd: project, encoding: 'utf8' });
  expect(stdout).toBe('function\n');
});

test('JavaScript: the worker is found by its name', () => {
  writeFileSync(
    join(project, 'worker.mjs'),
    `
    import { Worker } from 'node:worker_threads';
    const worker = new Worker(new URL(import.meta.resolve('@unleak/core/worker')));
    worker.once('error', (error) => { console.log(error.message); process.exitCode = 1; });
    worker.once('online', () => { console.log('online'); void worker.terminate(); });`,
  );
  const { stdout } = spawnSync(process.execPath, ['worker.mjs'], { cwd: project, encoding: 'utf8' });
  expect(stdout).toBe('online\n');
});

test.each(['nodenext', 'bundler'])(
  'TypeScript, resolution %s: the same program has types, and a wrong one has not',
  (resolution) => {
    const options = {
      strict: true,
      noEmit: true,
      target: 'es2023',
      lib: ['es2024'],
      types: ['node'],
      module: resolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution: resolution,
      exactOptionalPropertyTypes: true,
      // What is published has to be right by itself.
      skipLibCheck: false,
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['scan.ts'] }));
    writeFileSync(join(project, 'scan.ts'), PROGRAM);
    expect(compile()).toEqual({ status: 0, stdout: '' });
    writeFileSync(join(project, 'scan.ts'), PROGRAM.replace('span.start', 'span.begin'));
    const wrong = compile();
    expect(wrong.status).not.toBe(0);
    expect(wrong.stdout).toContain("Property 'begin' does not exist on type 'Span'");
  },
);

function compile(): { readonly status: number | null; readonly stdout: string } {
  const compiler = join(root, 'tools/node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', '.'], { cwd: project, encoding: 'utf8' });
  return { status, stdout };
}
