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

async function bundle(entry: string, together: readonly string[] = []): Promise<void> {
  write('src/entry.ts', entry);
  await bundleCli({
    entry: join(folder, 'src/entry.ts'),
    worker: join(folder, 'src/worker.ts'),
    together: together.map((name) => join(folder, 'src', `${name}.ts`)),
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
    if (process.argv[2] === 'late') void import('./late.ts').then(({ late }) => console.log(late));`);
  expect(run('entry.cjs')).toBe('entry\n');
  expect(run('entry.cjs', 'late')).toBe('entry\nlate is loaded\n7\n');
});

test('the worker stands beside every chunk, and is found by the name that its package exports it under', async () => {
  write('src/late.ts', `export const url: string = import.meta.resolve('@unleak/core/worker');`);
  await bundle(`void import('./late.ts').then(async ({ url }) => console.log((await import(url)) !== undefined));`);
  expect(run('entry.cjs')).toBe('worker shared\ntrue\n');
  expect(run('worker.cjs')).toBe('worker shared\n');
});

test('JSON arrives as it was written, names that mean something to JavaScript included', async () => {
  const text = String.raw`{ "__proto__": [1], "quote": "'\"\\\u2028\n" }`;
  write('src/data.json', text);
  await bundle(`
    void import('./data.json', { with: { type: 'json' } }).then(({ default: data }) => console.log(JSON.stringify(data)));`);
  expect(run('entry.cjs')).toBe(`${JSON.stringify(JSON.parse(text))}\n`);
});

test('what is costly to load is loaded when it is used', async () => {
  await bundle(`
    import { createHash } from 'node:crypto';
    import zlib, { inflateSync } from 'node:zlib';
    import { Worker, isMainThread } from 'node:worker_threads';
    import { setTimeout as pause } from 'node:timers/promises';
    const loaded = (name: string): boolean => process.moduleLoadList.includes('NativeModule ' + name);
    const all = (): string => ['crypto', 'zlib', 'worker_threads'].filter(loaded).join(' ');
    async function main(): Promise<void> {
      console.log('first:', all());
      console.log(createHash('sha1').update('a').digest('hex').slice(0, 6), all());
      console.log(zlib.inflateSync === inflateSync, inflateSync(zlib.deflateSync('b')).toString());
      if (process.argv[2] === 'all') {
        const worker = new Worker('', { eval: true });
        await Promise.all([new Promise((done) => worker.once('exit', done)), pause(1)]);
        console.log(worker instanceof Worker, isMainThread);
      }
    }
    void main();`);
  expect(run('entry.cjs')).toBe('first: \n86f7e4 crypto\ntrue b\n');
  expect(run('entry.cjs', 'all')).toBe('first: \n86f7e4 crypto\ntrue b\ntrue true\n');
});

test('modules that belong together are one chunk with what they import; what else they load is not', async () => {
  write(
    'src/quick.ts',
    `import { shared } from './shared.ts'; export const quick = async () => { const { source, late } = await import('./source.ts'); return [shared, source, await late()]; };`,
  );
  write(
    'src/source.ts',
    `export const source = 'source'; export const late = async () => (await import('./late.ts')).late;`,
  );
  write('src/late.ts', `export const late = 'late';`);
  await bundle(`void import('./quick.ts').then(async ({ quick }) => console.log(await quick()));`, ['quick', 'source']);
  expect(run('entry.cjs')).toBe("[ 'shared', 'source', 'late' ]\n");
  const holds = (text: string): string[] =>
    readdirSync(join(folder, 'dist'))
      .filter((name) => readFileSync(join(folder, 'dist', name), 'utf8').includes(text))
      .map((name) => name.replace(/-.{8}\.cjs$/, ''));
  expect([holds('"shared"'), holds('"source"'), holds('"late"')]).toEqual([['together'], ['together'], ['late']]);
});

test('a file that is read at run time lies beside the chunks', async () => {
  write('src/generated/table.bin', 'a table');
  await bundle(`
    import { readFileSync } from 'node:fs';
    import { fileURLToPath } from 'node:url';
    console.log(readFileSync(fileURLToPath(new URL('./generated/table.bin', import.meta.url)), 'utf8'));`);
  rmSync(join(folder, 'src'), { recursive: true });
  expect(run('entry.cjs')).toBe('a table\n');
});

test('the licences of packages in the bundle, and no others, lie beside it with their versions', async () => {
  const pack = (name: string, fields: string, files: Record<string, string>): void => {
    write(`node_modules/${name}/package.json`, `{ "name": "${name}", "main": "main.js"${fields} }`);
    write(`node_modules/${name}/main.js`, `exports.name = '${name}';`);
    for (const [file, text] of Object.entries(files)) write(`node_modules/${name}/${file}`, text);
  };
  pack('used', ', "version": "1.2.3", "license": "MIT"', { 'LICENSE.md': 'as is\r\n', NOTICE: 'made by us' });
  pack('@scope/late', ', "version": "4.5.6", "license": "ISC"', {});
  pack('unused', ', "version": "7.8.9", "license": "GPL-3.0"', { LICENSE: 'share alike' });
  write('THIRD-PARTY.txt', 'In a file: something\n');
  await bundle(`import { name } from 'used'; void import('@scope/late').then((late) => console.log(name, late.name));`);
  const rule = '-'.repeat(80);
  expect(readFileSync(join(folder, 'dist/THIRD-PARTY.txt'), 'utf8')).toBe(
    `In a file: something\n\n${rule}\n\n@scope/late 4.5.6 (ISC)\n\n${rule}\n\nused 1.2.3 (MIT)\n\nas is\n\nmade by us\n`,
  );
  pack('bare', ', "version": "0.0.1"', {});
  await expect(bundle(`import { name } from 'bare'; console.log(name);`)).rejects.toThrow('without a licence');
});

test('of a package that is never reached nothing is in the bundle', async () => {
  write('node_modules/unzip-stream/package.json', '{ "name": "unzip-stream", "main": "main.js" }');
  write('node_modules/unzip-stream/main.js', `exports.Extract = 'from unzip-stream';`);
  await bundle(`import unzip from 'unzip-stream'; console.log(typeof unzip, unzip.Extract);`);
  expect(run('entry.cjs')).toBe('object undefined\n');
});

test('all code is ASCII, and says what it said', async () => {
  await bundle(`console.log('„ü“ – 😀', /^[ä-ü]$/u.test('ö'), \`×\${1}\`);`);
  expect(run('entry.cjs')).toBe('„ü“ – 😀 true ×1\n');
  expect(readFileSync(join(folder, 'dist/entry.cjs'), 'utf8')).not.toMatch(/[^\0-\x7f]/);
  await expect(bundle('console.log(String.raw`ü`);')).rejects.toThrow('ASCII');
});

test('nothing of an earlier bundle stays, and a bundle that fails leaves the earlier one', async () => {
  await bundle(`void import('./shared.ts');`);
  write('dist/old-chunk.js', '');
  await bundle(`console.log('second');`);
  expect(readdirSync(join(folder, 'dist'))).not.toContain('old-chunk.js');
  await expect(bundle(`import './missing.ts';`)).rejects.toThrow('missing.ts');
  expect(run('entry.cjs')).toBe('second\n');
  expect(readdirSync(folder).toSorted()).toEqual(['dist', 'package.json', 'src']);
});
