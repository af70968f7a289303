import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import { diffIndexWithTree, type IndexChange, type Side } from './index-diff.ts';
import { IndexError, type IndexFile, parseIndex } from './index-file.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('index');
});
afterEach(() => dir.remove());

const CONTENTS = [0, 1, 2, 3];
const PATHS = [
  'a',
  'a-b',
  'a.b',
  'a/b',
  'a/b/c',
  'a/b/d',
  'a/c',
  'd/e/f',
  'd/e/g',
  'd/x',
  'ü/ö',
  'z\n"',
  `l/${'o'.repeat(5000)}`,
];
const MODES = ['100644', '100755', '120000', '160000'] as const;

/** What becomes of a path: a file, a conflict between some sides, only announced, or nothing. */
type State =
  | { readonly kind: 'file'; readonly mode: (typeof MODES)[number]; readonly content: number }
  | { readonly kind: 'conflict'; readonly sides: readonly number[] }
  | { readonly kind: 'intended' }
  | { readonly kind: 'none' };

const file = fc.record({
  kind: fc.constant('file' as const),
  mode: fc.oneof({ weight: 4, arbitrary: fc.constant(MODES[0]) }, { weight: 1, arbitrary: fc.constantFrom(...MODES) }),
  content: fc.nat(3),
});
const state: fc.Arbitrary<State> = fc.oneof(
  { weight: 5, arbitrary: file },
  { weight: 3, arbitrary: fc.constant({ kind: 'none' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('conflict' as const), sides: fc.subarray([1, 2, 3], { minLength: 1 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'intended' as const }) },
);
const step = (each: fc.Arbitrary<State>): fc.Arbitrary<readonly (readonly [string, State])[]> =>
  fc.array(fc.tuple(fc.constantFrom(...PATHS), each), { maxLength: 10 });

describe('reading the index and comparing it with a tree', () => {
  it('says what git says of any index', () => {
    const repos: Prepared[] = [];
    fc.assert(
      fc.property(
        step(file),
        step(file),
        step(state),
        fc.constantFrom('2', '4'),
        fc.boolean(),
        (first, second, last, version, sha256) => {
          const made = (repos[sha256 ? 1 : 0] ??= prepared(sha256));
          const { repo } = made;
          const paths = new Set<string>();
          rmSync(join(repo.gitDir, 'index'), { force: true });
          repo.git('update-index', '--index-version', version);
          apply(made, paths, first);
          const before = repo.git('write-tree');
          apply(made, paths, second);
          // From here on the index knows the trees of what stays as it is.
          const head = repo.git('write-tree');
          apply(made, paths, last);
          const hash = sha256 ? 'sha256' : 'sha1';
          const index = parseIndex(readFileSync(join(repo.gitDir, 'index')), hash);
          expect(entriesOf(index)).toEqual(entriesByGit(repo));
          for (const tree of [head, before, ''])
            expect(diffIndexWithTree(index, tree, hash, (oid) => repo.gitWith({}, 'cat-file', 'tree', oid))).toEqual(
              changesByGit(repo, tree === '' ? repo.hashObject('', 'tree') : tree),
            );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('reads the trees on the way to what has changed, and no others', () => {
    const repo = makeRepo(dir.path);
    for (const folder of 'abcdefgh') for (const sub of 'xyz') repo.write(`${folder}/${sub}/f`, folder + sub);
    repo.commit();
    repo.git('update-index', '--cacheinfo', `100644,${repo.hashObject('changed')},c/y/f`);
    const index = parseIndex(readFileSync(join(repo.gitDir, 'index')), 'sha1');
    const read: string[] = [];
    const changes = diffIndexWithTree(index, repo.git('rev-parse', 'HEAD^{tree}'), 'sha1', (oid) => {
      read.push(oid);
      return repo.gitWith({}, 'cat-file', 'tree', oid);
    });
    expect(changes.map(({ path }) => path)).toEqual(['c/y/f']);
    expect(read).toEqual(['HEAD^{tree}', 'HEAD:c', 'HEAD:c/y'].map((name) => repo.git('rev-parse', name)));
  });

  it('leaves to git what it does not know: split and sparse indexes, unknown extensions, other versions', () => {
    const repo = makeRepo(dir.path);
    repo.commitFiles({ 'a/f': '1', 'b/f': '2' });
    const plain = read(repo);
    repo.git('sparse-checkout', 'set', '--cone', '--sparse-index', 'a');
    expect(() => parseIndex(read(repo), 'sha1')).toThrow('extension "sdir"');
    repo.git('sparse-checkout', 'disable');
    repo.git('update-index', '--split-index');
    expect(() => parseIndex(read(repo), 'sha1')).toThrow(IndexError);
    repo.git('rm', '-q', '--cached', '-r', '.');
    expect(() => parseIndex(read(repo), 'sha1')).toThrow('extension "link"');
    const five = Buffer.from(plain);
    five.writeUInt32BE(5, 4);
    expect(() => parseIndex(five, 'sha1')).toThrow(IndexError);
    expect(() => parseIndex(new Uint8Array(0), 'sha1')).toThrow(IndexError);
  });

  it('asks git where the index or a tree is out of order', () => {
    const repo = makeRepo(dir.path);
    repo.commitFiles({ f1: '1', f2: '2', f3: '3' });
    const tree = repo.gitWith({}, 'cat-file', 'tree', 'HEAD^{tree}');
    const index = parseIndex(read(repo), 'sha1');
    const compare = (bytes: Uint8Array, of: IndexFile = index): unknown =>
      diffIndexWithTree({ ...of, trees: undefined }, repo.git('rev-parse', 'HEAD^{tree}'), 'sha1', () => bytes);
    expect(compare(tree)).toEqual([]);
    expect(() => compare(tree.subarray(1, 9))).toThrow(IndexError);
    expect(() => compare(Buffer.concat([tree, tree]))).toThrow(IndexError);
    expect(() => compare(Buffer.concat([Buffer.from('100644 a/b\0'), Buffer.alloc(20)]))).toThrow(IndexError);
    const twice = Buffer.from(read(repo));
    twice[twice.indexOf('f3') + 1] = '1'.charCodeAt(0);
    expect(() => compare(tree, parseIndex(twice, 'sha1'))).toThrow(IndexError);
  });

  it('is not to be had by trees without end, nor by paths without end', () => {
    const repo = makeRepo(dir.path);
    repo.git('update-index', '--add', '--cacheinfo', `100644,${repo.hashObject('x')},f`);
    const index = parseIndex(read(repo), 'sha1');
    const endless = Buffer.concat([Buffer.from('40000 d\0'), Buffer.alloc(20, 1)]);
    expect(() => diffIndexWithTree(index, '1'.repeat(40), 'sha1', () => endless)).toThrow('many trees');
    // Padded to a multiple of eight.
    const deep = Buffer.alloc(12 + 20_064 + 20);
    deep.write('DIRC', 0, 'latin1');
    deep.writeUInt32BE(2, 4);
    deep.writeUInt32BE(1, 8);
    deep.writeUInt32BE(0o100644, 12 + 24);
    deep.writeUInt16BE(0xfff, 12 + 60);
    deep.write('a/'.repeat(10_000), 12 + 62, 'latin1');
    const nested = parseIndex(deep, 'sha1');
    expect(() => diffIndexWithTree(nested, '', 'sha1', () => endless)).toThrow('too long');
  });

  it('a broken index is an error of its kind, wherever it breaks', () => {
    const repo = makeRepo(dir.path);
    for (const version of ['2', '4']) {
      repo.git('update-index', '--index-version', version);
      repo.commitFiles({ 'a/b': '1', 'a/c': '2', d: '3', [`l/${'o'.repeat(200)}`]: '4' });
      repo.write('a/b', version);
      repo.stage();
      const bytes = read(repo);
      const tree = repo.git('rev-parse', 'HEAD^{tree}');
      const trees = new Map(
        [tree, repo.git('rev-parse', 'HEAD:a'), repo.git('rev-parse', 'HEAD:l')].map((oid) => [
          oid,
          repo.gitWith({}, 'cat-file', 'tree', oid),
        ]),
      );
      const use = (broken: Uint8Array): void => {
        try {
          diffIndexWithTree(parseIndex(broken, 'sha1'), tree, 'sha1', (oid) => {
            const found = trees.get(oid);
            if (found === undefined) throw new IndexError('no such tree');
            return found;
          });
        } catch (error) {
          if (!(error instanceof IndexError)) throw error;
        }
      };
      for (let length = 0; length < bytes.length; length += length < 400 ? 1 : 97) use(bytes.subarray(0, length));
      for (let at = 0; at < bytes.length; at += at < 500 || at > bytes.length - 200 ? 1 : 97) {
        for (const value of [0, 0x7f, 0xff]) {
          const changed = Buffer.from(bytes);
          changed[at] = value;
          use(changed);
        }
      }
    }
  });
});

function read(repo: TestRepo): Buffer {
  return readFileSync(join(repo.gitDir, 'index'));
}

/** A repository with the contents that paths may have. */
interface Prepared {
  readonly repo: TestRepo;
  readonly contents: readonly string[];
  /** The empty tree. */
  readonly empty: string;
}

function prepared(sha256: boolean): Prepared {
  const repo = makeRepo(dir.path, { sha256 });
  return { repo, contents: CONTENTS.map((n) => repo.hashObject(`content ${n}`)), empty: repo.hashObject('', 'tree') };
}

/** Brings the index there; of two paths of which one is a folder of the other, the later one stays. */
function apply(
  { repo, contents, empty }: Prepared,
  paths: Set<string>,
  steps: readonly (readonly [string, State])[],
): void {
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) repo.gitWith({ input: `${lines.join('\0')}\0` }, 'update-index', '-z', '--index-info');
    lines = [];
  };
  for (const [path, change] of steps) {
    const inTheWay = [...paths].filter((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`));
    const gone = change.kind === 'none' ? [path] : [...inTheWay, path];
    lines.push(...gone.map((name) => `0 ${'0'.repeat(empty.length)}\t${name}`));
    for (const name of gone) paths.delete(name);
    if (change.kind === 'none') continue;
    paths.add(path);
    if (change.kind === 'file') {
      const { mode, content } = change;
      const oid = mode === '160000' ? String(content + 1).repeat(empty.length) : contents[content];
      lines.push(`${mode} ${oid ?? ''} 0\t${path}`);
    } else if (change.kind === 'conflict') {
      lines.push(...change.sides.map((side) => `100644 ${contents[side] ?? ''} ${side}\t${path}`));
    } else {
      flush();
      intend(repo, path);
    }
  }
  flush();
}

/** The file has to be there for that, so its name cannot be too long for one. */
function intend(repo: TestRepo, path: string): void {
  if (path.length > 200) return;
  for (const name of readdirSync(repo.path))
    if (name !== '.git') rmSync(join(repo.path, name), { recursive: true, force: true });
  repo.write(path, 'soon');
  repo.git('--literal-pathspecs', 'add', '--intent-to-add', '--', path);
}

function entriesOf(index: IndexFile): readonly string[] {
  return Array.from({ length: index.count }, (_, entry) => {
    const path = index.bytes.toString('latin1', index.pathStart[entry], index.pathEnd[entry]);
    return `${index.mode(entry).toString(8)} ${index.oid(entry)} ${index.stage(entry)}\t${path}`;
  });
}

function entriesByGit(repo: TestRepo): readonly string[] {
  return fields(repo.gitWith({}, 'ls-files', '--stage', '-z'));
}

function changesByGit(repo: TestRepo, tree: string): readonly IndexChange[] {
  const args = [
    'diff-index',
    '--cached',
    '--raw',
    '-z',
    '--no-renames',
    '--no-abbrev',
    '--ita-invisible-in-index',
    tree,
  ];
  const tokens = fields(repo.gitWith({}, ...args));
  const changes = new Map<string, IndexChange>();
  for (let at = 0; at + 1 < tokens.length; at += 2) {
    const [before = '', after = '', was = '', now = '', status] = (tokens[at] ?? '').slice(1).split(' ');
    const path = tokens[at + 1] ?? '';
    changes.set(path, { path, was: side(before, was), now: side(after, now), isUnmerged: status === 'U' });
  }
  return [...changes.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function side(mode: string, oid: string): Side {
  return Number(mode) === 0 ? { mode: 0, oid: '' } : { mode: Number.parseInt(mode, 8), oid };
}

function fields(output: Buffer): readonly string[] {
  return output.toString('latin1').split('\0').slice(0, -1);
}
