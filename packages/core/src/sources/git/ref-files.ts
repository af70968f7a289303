/**
 * Refs as they lie on disk (gitrepository-layout): HEAD, loose refs, packed-refs, and the HEADs of linked work trees.
 * Read by ourselves so that a broken or hostile ref can stop nothing, and so that it works without git. Names are kept
 * only if git would accept them; the ids of all others are kept as bare tips, since their history counts all the same.
 */
import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { entriesIn, linkStatOf, textOf } from '../look.ts';
import type { Repository } from './detect.ts';
import { type HashName, hashBytes, isOid } from './oid.ts';

export interface Ref {
  /** Full name, `refs/…`. */
  readonly name: string;
  readonly oid: string;
}

export interface RefFiles {
  /** Content of HEAD, normalised: `ref: refs/heads/x` or an id; undefined when it is neither. */
  readonly head: string | undefined;
  /** Sorted by name; a loose ref has replaced the packed one of its name. */
  readonly refs: readonly Ref[];
  /** Ids that something points at which is not a well-formed ref: HEADs of other work trees, ill-named refs. */
  readonly bareTips: readonly string[];
  /** Entries that could not be understood. */
  readonly broken: number;
}

export async function readRefFiles(repository: Repository, hash: HashName): Promise<RefFiles> {
  const byName = new Map<string, string>();
  const symbolic = new Map<string, string>();
  const bareTips = new Set<string>();
  let broken = 0;

  function take(name: string, oid: string): void {
    if (!isOid(oid, hash)) broken += 1;
    else if (isRefName(name)) byName.set(name, oid);
    else bareTips.add(oid);
  }

  const width = hashBytes(hash) * 2;
  const packed = textOf(join(repository.commonDir, 'packed-refs')) ?? '';
  for (const line of packed.split('\n')) {
    if (line === '' || line.startsWith('#') || line.startsWith('^')) continue;
    take(line.slice(width + 1), line.slice(0, width));
  }

  const places =
    repository.gitDir === repository.commonDir ? [repository.commonDir] : [repository.commonDir, repository.gitDir];
  for (const place of places) {
    for (const name of listLoose(place)) {
      const content = readRef(place, name);
      if (content === undefined) broken += 1;
      else if (content.startsWith('ref:')) symbolic.set(name, content.slice('ref: '.length));
      else take(name, content);
    }
  }
  for (const name of symbolic.keys()) {
    let target = name;
    for (let steps = 0; steps < 5 && symbolic.has(target); steps += 1) target = symbolic.get(target) ?? target;
    const oid = byName.get(target);
    if (oid !== undefined) take(name, oid);
  }

  for (const name of entriesIn(join(repository.commonDir, 'worktrees'))) {
    const content = readRef(join(repository.commonDir, 'worktrees'), `${name.name}/HEAD`);
    if (content !== undefined && isOid(content, hash)) bareTips.add(content);
  }

  const head = readRef(repository.gitDir, 'HEAD');
  const refs = [...byName].map(([name, oid]) => ({ name, oid })).sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    head: head !== undefined && isHead(head, hash) ? head : undefined,
    refs,
    bareTips: [...bareTips].sort(),
    broken,
  };
}

/** Id of HEAD's commit; undefined when its branch is not born yet. */
export function headOid(files: RefFiles): string | undefined {
  if (files.head === undefined) return undefined;
  const branch = headBranch(files);
  return branch === undefined ? files.head : files.refs.find((ref) => ref.name === branch)?.oid;
}

/** Full name of the branch that HEAD names, also of one not born yet. */
export function headBranch(files: RefFiles): string | undefined {
  return files.head?.startsWith('ref: ') === true ? files.head.slice('ref: '.length) : undefined;
}

/** The commit that HEAD leads to, found without reading other refs; undefined when its branch is not born yet. */
export async function readHeadOid(repository: Repository, hash: HashName): Promise<string | undefined> {
  let content = readRef(repository.gitDir, 'HEAD');
  for (let steps = 0; steps < 5 && content?.startsWith('ref: ') === true; steps += 1) {
    const name = content.slice('ref: '.length);
    if (!isRefName(name)) return undefined;
    content =
      readRef(repository.gitDir, name) ?? readRef(repository.commonDir, name) ?? readPacked(repository, name, hash);
  }
  return content !== undefined && isOid(content, hash) ? content : undefined;
}

function readPacked(repository: Repository, name: string, hash: HashName): string | undefined {
  const packed = textOf(join(repository.commonDir, 'packed-refs')) ?? '';
  const at = `\n${packed}\n`.indexOf(` ${name}\n`);
  return at < 0 ? undefined : `\n${packed}`.slice(Math.max(0, at - hashBytes(hash) * 2), at);
}

/** Ids in a file of one id a line, such as MERGE_HEAD. */
export async function readOidLines(file: string, hash: HashName): Promise<readonly string[]> {
  const text = textOf(file) ?? '';
  return text.split('\n').filter((line) => isOid(line, hash));
}

function isHead(content: string, hash: HashName): boolean {
  return isOid(content, hash) || (content.startsWith('ref: ') && isRefName(content.slice(5)));
}

/** Trimmed content: `ref: <name>` or what stands there. A symbolic link into refs/ is the old way to write `ref:`. */
function readRef(directory: string, name: string): string | undefined {
  const file = join(directory, name);
  const stats = linkStatOf(file);
  if (stats?.isSymbolicLink() === true) {
    const target = linkTargetOf(file);
    return target.startsWith('refs/') ? `ref: ${target}` : undefined;
  }
  if (stats?.isFile() !== true || stats.size > 4096) return undefined;
  const content = (textOf(file) ?? '').trim();
  if (content === '') return undefined;
  return content.startsWith('ref:') ? `ref: ${content.slice(4).trim()}` : (content.split('\n', 1)[0] ?? '');
}

function listLoose(place: string): readonly string[] {
  const names: string[] = [];
  const open = ['refs'];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    for (const entry of entriesIn(join(place, directory))) {
      const name = `${directory}/${entry.name}`;
      if (entry.isDirectory()) open.push(name);
      else if (!name.endsWith('.lock')) names.push(name);
    }
  }
  return names.sort();
}

function linkTargetOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

const SLASH = 0x2f;
const DOT = 0x2e;
const AT = 0x40;
const BRACE = 0x7b;
/** By character code: no name of a ref has it. */
const FORBIDDEN = Uint8Array.from({ length: 128 }, (_, code) =>
  code <= 0x20 || code === 0x7f || '~^:?*[\\'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** The rules of git-check-ref-format, for full names under refs/. */
export function isRefName(name: string): boolean {
  if (!name.startsWith('refs/') || name.endsWith('.')) return false;
  let before = 0;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (FORBIDDEN[code] === 1 || code === 0xfffd) return false;
    if (code === SLASH && (before === SLASH || name.endsWith('.lock', at))) return false;
    if (code === DOT && (before === DOT || before === SLASH)) return false;
    if (code === BRACE && before === AT) return false;
    before = code;
  }
  return before !== SLASH && !name.endsWith('.lock');
}
