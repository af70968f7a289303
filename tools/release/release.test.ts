import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtFolders, commitBuilt, differentFromHead } from './built-commit.ts';
import { obstacles, releaseNotes } from './ready.ts';
import { isVersion, manifestFiles, readManifest, setVersion } from './versions.ts';

const here = join(import.meta.dirname, '../..');
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unleak-release-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgSign=false'];
  return execFileSync('git', [...who, ...args], { cwd: root, encoding: 'utf8' }).trim();
}

/** A workspace with the version 0.1.0, as ours is laid out. */
function workspace(): void {
  for (const file of manifestFiles(here))
    write(file, readFileSync(join(here, file), 'utf8').replace(/"version": "[^"]+"/, '"version": "0.1.0"'));
  write('ci/sub/template.yml', 'run: npx --yes unleak@0.1.0\n');
  write('docs/ci.md', 'include v0.1.0, not v0.1.0x1; other@0.1.0\n');
  write('CHANGELOG.md', '# Changelog\n\n## 0.2.0\n\n- two\n\n### Details\n\nmore\n\n## 0.1.0\n\n- one\n');
}

test('a version is raised wherever it stands, and nowhere else', () => {
  workspace();
  const changed = setVersion(root, '0.2.0');
  expect(changed).toEqual([...manifestFiles(root), 'ci/sub/template.yml', 'docs/ci.md']);
  expect(manifestFiles(root).map((file) => readManifest(root, file).version)).toEqual(
    manifestFiles(root).map(() => '0.2.0'),
  );
  expect(readFileSync(join(root, 'ci/sub/template.yml'), 'utf8')).toBe('run: npx --yes unleak@0.2.0\n');
  expect(readFileSync(join(root, 'docs/ci.md'), 'utf8')).toContain('other@0.1.0');
  expect(obstacles(root, 'v0.2.0', undefined)).toEqual([]);
});

test('versions are those of semver, without build metadata', () => {
  expect(['1.2.3', '0.0.1', '1.2.3-rc.1', '10.20.30-beta'].filter((each) => !isVersion(each))).toEqual([]);
  expect(
    ['1.2', 'v1.2.3', '1.2.3+build', '1.2.3-', '1.2.3 ', '1.2.3-rc..1', '1.2.3-$(x)', ''].filter(isVersion),
  ).toEqual([]);
});

test('the notes of a release are its section of the changelog', () => {
  workspace();
  expect(releaseNotes(root, '0.2.0')).toBe('- two\n\n### Details\n\nmore');
  expect(releaseNotes(root, '0.1.0')).toBe('- one');
  expect(releaseNotes(root, '0.1')).toBe(undefined);
});

test('what stands in the way of a release is told, all of it', () => {
  workspace();
  write('tools/package.json', '{ "version": "0.0.9", "private": true }');
  expect(obstacles(root, 'v0.3.0', undefined)).toHaveLength(manifestFiles(root).length + 1);
  expect(obstacles(root, 'v0.1.0', undefined)).toEqual([
    'tools/package.json has version 0.0.9: node tools/set-version.ts 0.1.0',
  ]);
  for (const tag of ['0.1.0', 'v0.1', 'latest', 'vv0.1.0', ''])
    expect(obstacles(root, tag, undefined)).toEqual([`${tag} is no version such as v1.2.3`]);
});

test('a package whose repository is another one cannot be published', () => {
  workspace();
  const published = manifestFiles(root).filter((file) => readManifest(root, file).private !== true);
  expect(published).toContain('packages/cli/package.json');
  const told = (): readonly string[] =>
    obstacles(root, 'v0.1.0', 'acme/unleak').map((each) => each.split(' ')[0] ?? '');
  const withRepository = (url: unknown): void => {
    for (const file of published) write(file, JSON.stringify({ ...readManifest(root, file), repository: url }));
  };
  expect(told()).toEqual(published);
  for (const url of [
    { type: 'git', url: 'git+https://github.com/acme/unleak.git' },
    'https://github.com/acme/unleak',
  ]) {
    withRepository(url);
    expect(told()).toEqual([]);
  }
  withRepository({ type: 'git', url: 'git+https://github.com/acme/unleak-fork.git' });
  expect(told()).toEqual(published);
});

test('the commit of a release holds main and what was built, and moves nothing', () => {
  git('init', '--quiet', '--initial-branch=main');
  write('.gitignore', 'dist/\n');
  write('source.ts', 'source');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
  const main = git('rev-parse', 'main');
  write('a/dist/entry.cjs', 'built');
  write('a/dist/deep/x.wasm', 'built, too');
  write('b/dist/other.js', 'not for the tag');
  for (const [name, value] of [
    ['user.name', 'Ada'],
    ['user.email', 'ada@example.org'],
  ] as const)
    git('config', name, value);
  const commit = commitBuilt(root, ['a/dist'], 'release: 1.0.0');
  expect(git('ls-tree', '-r', '--name-only', commit).split('\n')).toEqual([
    '.gitignore',
    'a/dist/deep/x.wasm',
    'a/dist/entry.cjs',
    'source.ts',
  ]);
  expect(git('rev-parse', `${commit}^`)).toBe(main);
  expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual([main, '']);

  git('checkout', '--quiet', '--detach', commit);
  expect(differentFromHead(root, ['a/dist'])).toEqual([]);
  // Built anew, with a chunk of another name, one that is gone, and one that is not the same.
  rmSync(join(root, 'a/dist/deep'), { recursive: true });
  write('a/dist/chunk.cjs', 'more');
  write('a/dist/entry.cjs', 'not the same');
  expect(differentFromHead(root, ['a/dist'])).toEqual(['a/dist/chunk.cjs', 'a/dist/deep/x.wasm', 'a/dist/entry.cjs']);
  expect(git('diff', '--cached', '--name-only')).toBe('');
});

test('what a clone of a tag runs is built: the CLI, and whatever is an action', () => {
  write('packages/cli/package.json', '{}');
  write('packages/core/package.json', '{}');
  write('packages/some-action/action.yml', 'runs: {}');
  expect(builtFolders(root)).toEqual(['packages/cli/dist', 'packages/some-action/dist']);
});

test('this workspace has one version, and the changelog has a section for it', () => {
  cpSync(join(here, 'CHANGELOG.md'), join(root, 'CHANGELOG.md'));
  const { version } = readManifest(here, 'package.json');
  expect(obstacles(here, `v${version}`, undefined)).toEqual([]);
});
