/**
 * Random histories for property tests: branches, merges, reverts, renames, modes, links, submodules, files that become
 * directories, with fake secrets that come and go.
 * Written through `git fast-import`, from a description that shrinks well.
 */
import * as fc from 'fast-check';
import { fakeSecret } from './fake-engine.ts';
import { gitEnvironment, makeRepo, type TestRepo } from './repo.ts';
import { execFileSync } from 'node:child_process';

export interface RandomCommit {
  /** How far back the parents are, 1 being the commit before; beyond the beginning: none. */
  readonly parents: readonly number[];
  /** Minutes; small numbers repeat, and may run backwards. */
  readonly date: number;
  /** Of a merge: what becomes of paths in which the parents differ. */
  readonly takes: 'first' | 'second' | 'both';
  readonly changes: readonly RandomChange[];
  readonly message: readonly string[];
}

export interface RandomChange {
  readonly path: string;
  /** Names of the secrets in the file; undefined: the file goes. */
  readonly secrets: readonly string[] | undefined;
  readonly padding: number;
  readonly mode: '100644' | '100755' | '120000' | '160000';
  /** Only the mode changes, if the file is there. */
  readonly isModeOnly: boolean;
}

export interface RandomHistory {
  readonly commits: readonly RandomCommit[];
  /** Branch names by commit number. */
  readonly branches: readonly number[];
  readonly tags: readonly number[];
}

const secrets = fc.subarray(['aa', 'bb', 'cc'], { minLength: 0, maxLength: 2 });

const change: fc.Arbitrary<RandomChange> = fc.record({
  path: fc.oneof(
    { weight: 4, arbitrary: fc.constant('f') },
    { weight: 3, arbitrary: fc.constantFrom('g', 'd/f', 'd/e/g', 'odd "name"\n') },
    { weight: 1, arbitrary: fc.constantFrom('d', 'd/e', 'd.x', 'f/g', 'd/f0') },
  ),
  secrets: fc.option(secrets, { nil: undefined, freq: 4 }),
  padding: fc.nat(2),
  mode: fc.oneof(
    { weight: 5, arbitrary: fc.constant('100644' as const) },
    { weight: 2, arbitrary: fc.constantFrom('100755' as const, '120000' as const, '160000' as const) },
  ),
  isModeOnly: fc.boolean(),
});

const commit: fc.Arbitrary<RandomCommit> = fc.record({
  parents: fc.oneof(
    { weight: 6, arbitrary: fc.constant([1]) },
    { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 1, max: 5 })) },
    { weight: 4, arbitrary: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 3 }) },
  ),
  date: fc.nat(6),
  takes: fc.constantFrom('first', 'second', 'both'),
  changes: fc.array(change, { maxLength: 3 }),
  message: fc.subarray(['ma', 'mb'], { maxLength: 1 }),
});

export const randomHistory: fc.Arbitrary<RandomHistory> = fc.record({
  commits: fc.array(commit, { minLength: 1, maxLength: 18 }),
  branches: fc.array(fc.nat(17), { maxLength: 3 }),
  tags: fc.array(fc.nat(17), { maxLength: 2 }),
});

/** What every submodule is at: a commit that is not here. */
const SUBMODULE = 'c'.repeat(40);

export interface BuiltHistory {
  readonly repo: TestRepo;
  readonly commits: readonly string[];
}

export function buildHistory(parent: string, history: RandomHistory): BuiltHistory {
  const repo = makeRepo(parent, { bare: true });
  const script: string[] = [];
  /** Content behind its mode. */
  const trees: ReadonlyMap<string, string>[] = [];
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  for (const [index, made] of history.commits.entries()) {
    const parents = [...new Set(made.parents.map((back) => index - back).filter((at) => at >= 0))];
    const who = `Ada <ada@example.org> ${1_600_000_000 + made.date * 60} +0000`;
    script.push(
      `commit refs/build/tip\nmark :${index + 1}\nauthor ${who}\ncommitter ${who}\n${data(`commit ${index}\n${made.message.map(fakeSecret).join(' ')}`)}`,
    );
    for (const [at, from] of parents.entries()) script.push(`${at === 0 ? 'from' : 'merge'} :${from + 1}\n`);
    // Without parents fast-import would go on from the ref's tip.
    if (parents.length === 0) script.push(index === 0 ? '' : `from ${'0'.repeat(40)}\n`);
    const before = trees[parents[0] ?? -1] ?? new Map<string, string>();
    const tree = merged(before, trees[parents[1] ?? -1], made.takes);
    for (const { path, secrets: names, padding, mode, isModeOnly } of made.changes) {
      const old = tree.get(path);
      if (isModeOnly && old !== undefined) tree.set(path, mode + old.slice(mode.length));
      else if (names === undefined) tree.delete(path);
      else {
        put(tree, path, mode + 'pad\n'.repeat(padding) + names.map((name) => `${fakeSecret(name)}\n`).join(''));
      }
    }
    for (const path of before.keys()) if (!tree.has(path)) script.push(`D ${quoted(path)}\n`);
    for (const [path, content] of tree) {
      if (content === before.get(path)) continue;
      const mode = content.slice(0, 6);
      script.push(
        mode === '160000'
          ? `M ${mode} ${SUBMODULE} ${quoted(path)}\n`
          : `M ${mode} inline ${quoted(path)}\n${data(content.slice(6))}`,
      );
    }
    trees.push(tree);
    script.push('\n');
  }
  const last = history.commits.length;
  script.push(`reset refs/heads/main\nfrom :${last}\n\n`);
  for (const [index, at] of history.branches.entries())
    script.push(`reset refs/heads/b${index}\nfrom :${(at % last) + 1}\n\n`);
  for (const [index, at] of history.tags.entries())
    script.push(
      `tag t${index}\nfrom :${(at % last) + 1}\ntagger Ada <ada@example.org> 1600000000 +0000\n${data('tag')}`,
    );
  const input = script.join('');
  execFileSync('git', ['fast-import', '--quiet', '--force', `--export-marks=${repo.path}/marks`], {
    cwd: repo.path,
    env: gitEnvironment(),
    input,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const marks = new Map(
    repo
      .readGitFile('marks')
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  return { repo, commits: history.commits.map((_, index) => marks.get(`:${index + 1}`) ?? '') };
}

function merged(
  first: ReadonlyMap<string, string>,
  second: ReadonlyMap<string, string> | undefined,
  takes: RandomCommit['takes'],
): Map<string, string> {
  if (second === undefined || takes === 'first') return new Map(first);
  const tree = takes === 'second' ? new Map<string, string>() : new Map(first);
  for (const [path, content] of second) put(tree, path, content);
  return tree;
}

/** A file takes the place of a directory of its name, and a directory that of a file. */
function put(tree: Map<string, string>, path: string, content: string): void {
  for (const other of tree.keys()) if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) tree.delete(other);
  tree.set(path, content);
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Blobs of a commit's tree, by path; one character per byte. */
export function blobsOf(repo: TestRepo, commit: string): ReadonlyMap<string, string> {
  const blobs = new Map<string, string>();
  for (const line of repo.gitWith({}, 'ls-tree', '-r', '-z', '--full-tree', commit).toString('latin1').split('\0')) {
    const tab = line.indexOf('\t');
    const [, type, oid = ''] = line.slice(0, tab).split(' ');
    if (type === 'blob') blobs.set(line.slice(tab + 1), oid);
  }
  return blobs;
}
