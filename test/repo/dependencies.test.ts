import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';

const root = join(import.meta.dirname, '../..');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines?: { readonly node: string };
  readonly packageManager?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

/** Package → who uses it, from the table of the record. */
function justified(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(join(root, 'docs/adr/0002-runtime-dependencies.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  return new Map(
    rows.slice(2).map((row) => {
      const [, name = '', users = ''] = row.split('|').map((cell) => cell.trim());
      return [name, users.split(', ')];
    }),
  );
}

test.each([
  { folder: 'packages/core', user: 'core', count: 6 },
  { folder: 'packages/github-action', user: 'github-action', count: 6 },
])('each runtime dependency of $folder is justified in the record, and no more are', ({ folder, user, count }) => {
  const used = Object.entries(manifest(folder).dependencies ?? {}).flatMap(([name, version]) =>
    version === 'workspace:*' ? [] : [name],
  );
  expect(used.toSorted()).toEqual(recordedFor(user));
  expect(used).toHaveLength(count);
});

test('unleak depends on nothing when it is installed; each package in its bundle is justified in the record', () => {
  const { dependencies, devDependencies } = manifest('packages/cli');
  expect(dependencies).toBe(undefined);
  const bundled = Object.keys(devDependencies ?? {}).filter((name) => !/^@types\/|^@unleak\/|^vitest$/.test(name));
  expect(bundled.toSorted()).toEqual(recordedFor('unleak'));
  expect(bundled).toHaveLength(2);
});

function recordedFor(user: string): readonly string[] {
  return [...justified()]
    .filter(([, users]) => users.includes(user))
    .map(([name]) => name)
    .toSorted();
}

test('npm can install the root as it is: no dependencies, no notation that only pnpm reads', () => {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  expect(text).not.toMatch(/catalog:|workspace:/);
  const { dependencies, devDependencies } = manifest('.');
  expect([dependencies, devDependencies]).toEqual([undefined, undefined]);
});

test('all packages of the workspace take versions from the catalog alone', () => {
  for (const folder of ['packages/core', 'packages/cli', 'packages/github-action', 'test', 'tools']) {
    const { dependencies, devDependencies } = manifest(folder);
    const notations = new Set(Object.values({ ...dependencies, ...devDependencies }));
    expect([...notations].filter((notation) => notation !== 'catalog:' && notation !== 'workspace:*')).toEqual([]);
  }
});

test('published packages have one version and one range of Node', () => {
  const [core, cli] = [manifest('packages/core'), manifest('packages/cli')];
  expect(core.version).toBe(cli.version);
  expect(core.engines).toEqual(cli.engines);
  expect(manifest('.').version).toBe(cli.version);
});

test('no manifest says a thing twice, where the later of the two would count without a word', () => {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  // JSON.parse takes keys that come twice; YAML, of which JSON is a part, does not.
  const complaints = ['', 'test', 'tools', ...packages].flatMap((folder) =>
    parseDocument(readFileSync(join(root, folder, 'package.json'), 'utf8')).errors.map(
      ({ message }) => `${folder}: ${message}`,
    ),
  );
  expect(complaints).toEqual([]);
});
