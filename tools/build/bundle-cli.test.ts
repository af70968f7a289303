import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleCli } from './bundle-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unleak-bundle-'));
  write('package.json', '{ "type": "module" }');
  write('src/worker.ts', `import { shared } from './shared.ts'; console.log('worker', shared);`);
  write('src/shared.ts', `export const shared: string = 'shared';`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

async function bundle(entry: string): Promise<void> {
  write('src/entry.ts', entry);
  await bundleCli({
    entry: join(folder, 'src/entry.ts'),
    worker: join(folder, 'src/worker.ts'),
    outputFolder: join(folder, 'dist'),
  });
}

function run(file: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'dist', file), ...args], { encoding: 'utf8' });
  return stdout + stderr;
}

test('what is imported lazily is not loaded before it is asked for', async () => {
  write('src/late.ts', `console.log('late is loaded'); export const late: number = 7;`);
  await bundle(`
    console.log('entry');
    if (process.argv[2] === 'late') console.log((await import('./late.ts')).late);`);
  expect(run('entry.js')).toBe('entry\n');
  expect(run('entry.js', 'late')).toBe('entry\nlate is loaded\n7\n');
});

test('the worker stands beside every chunk, and is found by the name that its package exports it under', async () => {
  write('src/late.ts', `export const url: string = import.meta.resolve('@unleak/core/worker');`);
  await bundle(`console.log((await import(await import('./late.ts').then((late) => late.url))) !== undefined);`);
  expect(run('entry.js')).toBe('worker shared\ntrue\n');
  expect(run('worker.js')).toBe('worker shared\n');
});

test('JSON arrives as it was written, names that mean something to JavaScript included', async () => {
  const text = String.raw`{ "__proto__": [1], "quote": "'\"\\\u2028\n" }`;
  write('src/data.json', text);
  await bundle(`
    const { default: data } = await import('./data.json', { with: { type: 'json' } });
    console.log(JSON.stringify(data));`);
  expect(run('entry.js')).toBe(`${JSON.stringify(JSON.parse(text))}\n`);
});

test('re2 stays an import', async () => {
  await bundle(`import RE2 from 're2'; export const make = (): unknown => new RE2('a');`);
  expect(readFileSync(join(folder, 'dist/entry.js'), 'utf8')).toMatch(/from ["']re2["']/);
});

test('nothing of an earlier bundle stays, and a bundle that fails leaves the earlier one', async () => {
  await bundle(`await import('./shared.ts');`);
  write('dist/old-chunk.js', '');
  await bundle(`console.log('second');`);
  expect(readdirSync(join(folder, 'dist'))).not.toContain('old-chunk.js');
  await expect(bundle(`import './missing.ts';`)).rejects.toThrow('missing.ts');
  expect(run('entry.js')).toBe('second\n');
  expect(readdirSync(folder).toSorted()).toEqual(['dist', 'package.json', 'src']);
});
