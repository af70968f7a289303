/** What is in the tarballs, and what is not. */
import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { packAll, PUBLISHED } from '../../tools/pack/published.ts';
import { tarballs } from '../support/tarballs.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = join(import.meta.dirname, '../..');
const files = tarballs();

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface Unpacked {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly manifest: Manifest;
}

function unpack(name: keyof typeof files): Unpacked {
  const target = tempFolder();
  execFileSync('tar', ['-xzf', files[name], '-C', target]);
  const folder = join(target, 'package');
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
  return { folder, paths, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest };
}

/** Every path that a manifest's `exports` leads to, and the conditions on the way. */
function targets(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(targets);
}

test.each(PUBLISHED)('%s: a readme, the licence, and what the manifest names', (name) => {
  const { folder, paths, manifest } = unpack(name);
  expect(paths).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']));
  expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`# ${manifest.name}\n`);
  expect(manifest.license).toBe('Apache-2.0');
  const named = [...targets(manifest.exports), ...Object.values(manifest.bin ?? {})].map((path) => path.slice(2));
  expect(named.filter((path) => !paths.includes(path))).toEqual([]);
});

test.each(PUBLISHED)('%s: nothing that only the workspace understands or has', (name) => {
  const { folder, paths, manifest } = unpack(name);
  expect(JSON.stringify(manifest)).not.toMatch(/catalog:|workspace:|"dev":|\.\/src\/(?!pipeline\/worker\.ts)/);
  expect(manifest).not.toHaveProperty('scripts');
  expect(
    paths.filter((path) => /(?<!\.d)\.m?tsx?$|\.test\.|(^|\/)test-|\.map$|tsbuildinfo|node_modules/.test(path)),
  ).toEqual([]);
  for (const path of paths) expect(lstatSync(join(folder, path)).isSymbolicLink(), path).toBe(false);
});

test.each(PUBLISHED)('%s: no path of this machine', (name) => {
  const { folder, paths } = unpack(name);
  for (const path of paths) expect(readFileSync(join(folder, path)).includes(root), path).toBe(false);
});

test('unleak brings all it needs along: it depends on nothing, and names the licences of what is inside', () => {
  const { folder, paths, manifest } = unpack('cli');
  for (const field of ['dependencies', 'optionalDependencies', 'peerDependencies'])
    expect(manifest).not.toHaveProperty(field);
  expect(manifest.bin).toEqual({ unleak: './bin/unleak.mjs' });
  expect(lstatSync(join(folder, 'bin/unleak.mjs')).mode & 0o111).toBe(0o111);
  expect(paths.filter((path) => !/^(dist\/[^/]+|bin\/unleak\.mjs|[^/]+)$/.test(path))).toEqual([]);
  const licences = readFileSync(join(folder, 'dist/THIRD-PARTY.txt'), 'utf8');
  for (const each of [
    'In re2.wasm: RE2 (BSD-3-Clause)',
    'yargs 18.',
    'cli-progress 3.',
    'yaml 2.',
    'isomorphic-git 1.',
  ])
    expect(licences).toContain(each);
});

test('unleak asks for no module that neither Node nor the tarball has', () => {
  const { folder, paths } = unpack('cli');
  const names = new Set<string>();
  for (const path of paths.filter((each) => each.endsWith('.cjs')))
    for (const [, name = ''] of readFileSync(join(folder, path), 'utf8').matchAll(/\brequire\("([^"]+)"\)/g))
      names.add(name.startsWith('./') ? (paths.includes(`dist/${name.slice(2)}`) ? './' : name) : name);
  const { builtinModules } = process.getBuiltinModule('node:module');
  const outside = [...names].filter(
    (name) => name !== './' && !name.startsWith('node:') && !builtinModules.includes(name.replace(/\/$/, '')),
  );
  expect(outside).toEqual([]);
});

test('core has types for every module, and its dependencies in exact versions', () => {
  const { paths, manifest } = unpack('core');
  const scripts = paths.filter((path) => path.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(100);
  expect(scripts.filter((path) => !paths.includes(path.replace(/\.js$/, '.d.ts')))).toEqual([]);
  expect(paths).toEqual(expect.arrayContaining(['dist/engine/re2/re2.wasm', 'THIRD-PARTY.txt']));
  expect(Object.values(manifest.dependencies ?? {}).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('all have one version and one range of Node: those of the workspace', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const manifests = PUBLISHED.map((name) => unpack(name).manifest);
  expect(manifests.map((each) => each.version)).toEqual(manifests.map(() => version));
  expect(new Set(manifests.map((each) => each.engines['node'])).size).toBe(1);
});

test('packing twice gives the same bytes', () => {
  const again = packAll(tempFolder());
  expect(again.map((file) => readFileSync(file).toString('base64'))).toEqual(
    PUBLISHED.map((name) => readFileSync(files[name]).toString('base64')),
  );
});

test('docs/releasing.md names the tarballs as they are called, and the folder that tools/pack.ts puts them into', () => {
  const text = readFileSync(join(root, 'docs/releasing.md'), 'utf8');
  for (const name of PUBLISHED) {
    const { version } = unpack(name).manifest;
    expect(text).toContain(`\`${basename(files[name]).replace(version, '1.2.3')}\``);
  }
  const folder = /join\(root, '([^']+)'\)/.exec(readFileSync(join(root, 'tools/pack.ts'), 'utf8'))?.[1];
  expect(text).toContain(`\`${folder ?? 'no folder'}\``);
});
