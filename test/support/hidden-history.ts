/**
 * Random histories of files that hide credentials: in several encodings and character sets, among prose, beside binary
 * files, moved, renamed, removed and brought back, over branches and merges. From a description that shrinks well.
 */
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { gitEnvironment, makeRepo, type TestRepo } from './repo.ts';
import type { PlantedLine } from './rule-examples.ts';

export const DISGUISES = ['plain', 'base64', 'base64url', 'hex', 'percent', 'unicode', 'html'] as const;
export type Disguise = (typeof DISGUISES)[number];

export const SHELLS = ['utf8', 'crlf', 'latin1', 'utf16le', 'utf16be', 'nul', 'binary'] as const;
/** What a whole file is written as. */
export type Shell = (typeof SHELLS)[number];

export type Block =
  | { readonly kind: 'prose'; readonly words: number }
  | { readonly kind: 'long'; readonly length: number }
  | { readonly kind: 'secret'; readonly secret: number; readonly disguise: Disguise };

export interface HiddenChange {
  readonly path: string;
  readonly what:
    | { readonly kind: 'write'; readonly shell: Shell; readonly blocks: readonly Block[] }
    | { readonly kind: 'insert'; readonly at: number; readonly blocks: readonly Block[] }
    | { readonly kind: 'cut'; readonly at: number; readonly count: number }
    | { readonly kind: 'move'; readonly from: number; readonly to: number }
    | { readonly kind: 'rename'; readonly to: string }
    | { readonly kind: 'remove' };
}

export interface HiddenCommit {
  /** How far back the parents are, 1 being the commit before; beyond the beginning: none. */
  readonly parents: readonly number[];
  readonly takes: 'first' | 'second' | 'both';
  readonly changes: readonly HiddenChange[];
  /** In its message. */
  readonly secret: number | undefined;
}

export interface HiddenHistory {
  readonly commits: readonly HiddenCommit[];
  readonly branches: readonly number[];
  /** Annotated, with a secret in the message. */
  readonly tags: readonly { readonly at: number; readonly secret: number }[];
  /** Blobs that nothing leads to. */
  readonly loose: readonly (readonly Block[])[];
}

export const SECRETS = 24;

const secret = fc.nat(SECRETS - 1);
const block: fc.Arbitrary<Block> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('prose' as const), words: fc.nat(60) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('long' as const), length: fc.integer({ min: 1000, max: 60_000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('secret' as const), secret, disguise: fc.constantFrom(...DISGUISES) }),
  },
);
const blocks = fc.array(block, { minLength: 1, maxLength: 6 });
const path = fc.constantFrom(
  'app/settings.py',
  'notes.txt',
  'deploy/run.sh',
  'data/export.bin',
  'ümlaut und "more"\n.cfg',
);

const change: fc.Arbitrary<HiddenChange> = fc.record({
  path,
  what: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('write' as const), shell: fc.constantFrom(...SHELLS), blocks }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('insert' as const), at: fc.nat(6), blocks }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat(6), count: fc.integer({ min: 1, max: 3 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), from: fc.nat(6), to: fc.nat(6) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), to: path }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'remove' as const }) },
  ),
});

const commit: fc.Arbitrary<HiddenCommit> = fc.record({
  parents: fc.oneof(
    { weight: 6, arbitrary: fc.constant([1]) },
    { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 1, max: 4 })) },
    { weight: 3, arbitrary: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 3 }) },
  ),
  takes: fc.constantFrom('first', 'second', 'both'),
  changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  secret: fc.option(secret, { nil: undefined, freq: 3 }),
});

export const hiddenHistory: fc.Arbitrary<HiddenHistory> = fc.record({
  commits: fc.array(commit, { minLength: 3, maxLength: 14 }),
  branches: fc.array(fc.nat(13), { maxLength: 3 }),
  tags: fc.array(fc.record({ at: fc.nat(13), secret }), { maxLength: 2 }),
  loose: fc.array(blocks, { maxLength: 1 }),
});

export interface HiddenFile {
  readonly shell: Shell;
  readonly blocks: readonly Block[];
}

type Tree = ReadonlyMap<string, HiddenFile>;

const FIRST_BYTES = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);

/** The bytes of a PNG file, as far as anyone looks. */
export function looksBinary(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, FIRST_BYTES.length)).equals(FIRST_BYTES);
}

/** Commits are a minute apart, so there is one order in which they came. */
export function buildHidden(parent: string, history: HiddenHistory, secrets: readonly PlantedLine[]): TestRepo {
  const repo = makeRepo(parent, { bare: true });
  const script: Buffer[] = [];
  const trees: Tree[] = [];
  const say = (text: string): void => void script.push(Buffer.from(text));
  const data = (bytes: Uint8Array): void => {
    say(`data ${bytes.length}\n`);
    script.push(Buffer.from(bytes));
    say('\n');
  };
  const message = (subject: string, number: number | undefined): Buffer =>
    Buffer.from(`${subject}\n\n${number === undefined ? '' : `${lineOf(secrets, number)}\n`}`);

  for (const [index, made] of history.commits.entries()) {
    const parents = [...new Set(made.parents.map((back) => index - back).filter((at) => at >= 0))];
    const who = `Ada <ada@example.org> ${1_600_000_000 + index * 60} +0000`;
    say(`commit refs/build/tip\nmark :${index + 1}\nauthor ${who}\ncommitter ${who}\n`);
    data(message(`commit ${index}`, made.secret));
    for (const [at, from] of parents.entries()) say(`${at === 0 ? 'from' : 'merge'} :${from + 1}\n`);
    // Without parents fast-import would go on from the ref's tip.
    if (parents.length === 0 && index > 0) say(`from ${'0'.repeat(40)}\n`);
    const before: Tree = trees[parents[0] ?? -1] ?? new Map();
    const tree = new Map(merged(before, trees[parents[1] ?? -1], made.takes));
    for (const each of made.changes) applyChange(tree, each);
    for (const name of new Set([...before.keys(), ...tree.keys()])) {
      const file = tree.get(name);
      if (file === before.get(name)) continue;
      if (file === undefined) say(`D ${quoted(name)}\n`);
      else {
        say(`M 100644 inline ${quoted(name)}\n`);
        data(fileBytes(file, secrets));
      }
    }
    trees.push(tree);
    say('\n');
  }
  const last = history.commits.length;
  say(`reset refs/heads/main\nfrom :${last}\n\n`);
  for (const [index, at] of history.branches.entries()) say(`reset refs/heads/b${index}\nfrom :${(at % last) + 1}\n\n`);
  for (const [index, tag] of history.tags.entries()) {
    say(`tag t${index}\nfrom :${(tag.at % last) + 1}\ntagger Ada <ada@example.org> 1600100000 +0000\n`);
    data(message(`tag ${index}`, tag.secret));
  }
  execFileSync('git', ['fast-import', '--quiet', '--force'], {
    cwd: repo.path,
    env: gitEnvironment(),
    input: Buffer.concat(script),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  // What only this ref led to is unreachable from now on.
  repo.git('update-ref', '-d', 'refs/build/tip');
  for (const each of history.loose) repo.hashObject(fileBytes({ shell: 'utf8', blocks: each }, secrets));
  return repo;
}

function merged(first: Tree, second: Tree | undefined, takes: HiddenCommit['takes']): Tree {
  if (second === undefined || takes === 'first') return first;
  return takes === 'second' ? second : new Map([...first, ...second]);
}

function applyChange(tree: Map<string, HiddenFile>, { path: name, what }: HiddenChange): void {
  if (what.kind === 'write') {
    tree.set(name, { shell: what.shell, blocks: what.blocks });
    return;
  }
  const file = tree.get(name);
  if (file === undefined) return;
  const edited = [...file.blocks];
  if (what.kind === 'rename') {
    tree.delete(name);
    tree.set(what.to, file);
  } else if (what.kind === 'remove') tree.delete(name);
  else {
    if (what.kind === 'insert') edited.splice(what.at % (edited.length + 1), 0, ...what.blocks);
    else if (what.kind === 'cut') edited.splice(what.at, what.count);
    else edited.splice(what.to, 0, ...edited.splice(what.from, 1));
    tree.set(name, { shell: file.shell, blocks: edited });
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** What is committed for a file. */
export function fileBytes({ shell, blocks: all }: HiddenFile, secrets: readonly PlantedLine[]): Buffer {
  const text = all.map((each) => `${blockText(each, secrets)}\n`).join('');
  switch (shell) {
    case 'utf8':
      return Buffer.from(text);
    case 'crlf':
      return Buffer.from(text.replaceAll('\n', '\r\n'));
    case 'latin1':
      return Buffer.from(text, 'latin1');
    case 'utf16le':
      return Buffer.from(`\u{feff}${text}`, 'utf16le');
    case 'utf16be':
      return Buffer.from(`\u{feff}${text}`, 'utf16le').swap16();
    case 'nul':
      return Buffer.from(`a\0${text}`);
    case 'binary':
      return Buffer.concat([FIRST_BYTES, Buffer.from(text)]);
  }
}

const WORDS = [
  'the',
  'größe',
  'of',
  'value',
  'naïve',
  'const',
  '=',
  'return',
  '(x)',
  '{',
  '}',
  'key',
  'password',
  'déjà',
  '"text"',
  '//',
  'https://example.org/a?b=c',
];

function blockText(each: Block, secrets: readonly PlantedLine[]): string {
  switch (each.kind) {
    case 'prose':
      return Array.from({ length: each.words }, (_, at) => WORDS[(at * 7 + each.words) % WORDS.length] ?? '').join(' ');
    case 'long':
      return 'var q=[0,1,"é"];'.repeat(Math.ceil(each.length / 16));
    case 'secret':
      return disguised(lineOf(secrets, each.secret), each.disguise);
  }
}

function lineOf(secrets: readonly PlantedLine[], number: number): string {
  return secrets[number % secrets.length]?.line ?? '';
}

/** The line as people hide it, often without meaning to. */
export function disguised(line: string, disguise: Disguise): string {
  const bytes = Buffer.from(`first words\n${line}\nlast words\n`, 'latin1');
  const each = (write: (byte: number) => string): string => [...bytes].map(write).join('');
  const hex = (byte: number, width: number): string => byte.toString(16).padStart(width, '0');
  switch (disguise) {
    case 'plain':
      return line;
    case 'base64':
      return `payload: "${bytes.toString('base64')}"`;
    case 'base64url':
      return `payload: "${bytes.toString('base64url')}"`;
    case 'hex':
      return `payload: "${bytes.toString('hex')}"`;
    case 'percent':
      return `payload: "${each((byte) => `%${hex(byte, 2).toUpperCase()}`)}"`;
    case 'unicode':
      return `payload: "${each((byte) => `\\u${hex(byte, 4)}`)}"`;
    case 'html':
      return `payload: "${each((byte) => `&#x${hex(byte, 2)};`)}"`;
  }
}
