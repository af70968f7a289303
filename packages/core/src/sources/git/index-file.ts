/**
 * The index of a work tree (gitformat-index, versions 2, 3 and 4): what the next commit will hold, path by path. Nothing
 * in it is trusted. What is rare is not read here: a split index, a sparse one, an extension that must be understood and
 * is not. Whoever meets one asks git, which also says what is wrong with a broken one.
 */
import { type HashName, hashBytes } from './oid.ts';

export interface IndexFile {
  readonly count: number;
  /** Paths lie here, `pathStart` to `pathEnd` by entry; sorted as git sorts them. */
  readonly bytes: Buffer;
  readonly pathStart: Uint32Array;
  readonly pathEnd: Uint32Array;
  /** File mode, as in a tree. */
  mode(entry: number): number;
  oid(entry: number): string;
  /** 0, or which side of a conflict. */
  stage(entry: number): number;
  /** Announced by `git add --intent-to-add`; it is not in the next commit. */
  isIntended(entry: number): boolean;
  /** What is known of the trees of its directories; undefined without the extension, or when that is broken. */
  readonly trees: CachedTree | undefined;
}

/** A directory of the index, as the extension `TREE` knows it. */
export interface CachedTree {
  /** Entries of the index in it and below; -1 when it has changed since its tree was made. */
  readonly entries: number;
  /** Of its tree; empty when it has changed. */
  readonly oid: string;
  /** By name, one character per byte. */
  readonly folders: ReadonlyMap<string, CachedTree>;
}

export class IndexError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'IndexError';
  }
}

const SIGNATURE = 0x44495243; // DIRC
const HEADER_BYTES = 12;
/** Times, device and the like: ten numbers, of which the seventh is the mode. */
const STAT_BYTES = 40;
const MODE_AT = 24;
const EXTENDED = 0x4000;
const INTENDED = 0x2000;
const LONG_NAME = 0xfff;

/** @throws IndexError for what is not read here, and for an index that is broken */
export function parseIndex(file: Uint8Array, hash: HashName): IndexFile {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const width = hashBytes(hash);
  const end = bytes.length - width;
  if (end < HEADER_BYTES || bytes.readUInt32BE(0) !== SIGNATURE) throw new IndexError('not an index');
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) throw new IndexError(`an index of version ${version}`);
  const count = bytes.readUInt32BE(8);
  const least = STAT_BYTES + width + 2 + (version === 4 ? 2 : 0);
  if (count > end / least) throw new IndexError('the index is cut off');

  const at = new Uint32Array(count);
  const pathStart = new Uint32Array(count);
  const pathEnd = new Uint32Array(count);
  const paths = version === 4 ? createPathBuilder() : undefined;
  let next = HEADER_BYTES;
  for (let entry = 0; entry < count; entry += 1) {
    at[entry] = next;
    const flagsAt = next + STAT_BYTES + width;
    if (flagsAt + 2 > end) throw new IndexError('the index is cut off');
    const flags = bytes.readUInt16BE(flagsAt);
    if ((flags & EXTENDED) !== 0 && version < 3) throw new IndexError('an entry has flags of a later version');
    const nameAt = flagsAt + ((flags & EXTENDED) === 0 ? 2 : 4);
    if (paths === undefined) {
      const length = flags & LONG_NAME;
      const nameEnd = length < LONG_NAME ? nameAt + length : bytes.indexOf(0, nameAt);
      if (nameEnd <= nameAt || nameEnd >= end) throw new IndexError('the index is cut off');
      pathStart[entry] = nameAt;
      pathEnd[entry] = nameEnd;
      // Padded with one to eight zeros.
      next += (nameEnd - next + 8) & ~7;
    } else {
      const nameEnd = paths.add(bytes, nameAt, end);
      pathStart[entry] = paths.start;
      pathEnd[entry] = paths.end;
      next = nameEnd + 1;
    }
  }
  if (next > end) throw new IndexError('the index is cut off');

  const flagsOf = (entry: number): number => bytes.readUInt16BE((at[entry] ?? 0) + STAT_BYTES + width);
  return {
    count,
    bytes: paths?.bytes() ?? bytes,
    pathStart,
    pathEnd,
    mode: (entry) => bytes.readUInt32BE((at[entry] ?? 0) + MODE_AT),
    oid(entry) {
      const start = (at[entry] ?? 0) + STAT_BYTES;
      return bytes.toString('hex', start, start + width);
    },
    stage: (entry) => (flagsOf(entry) >> 12) & 3,
    isIntended: (entry) =>
      (flagsOf(entry) & EXTENDED) !== 0 &&
      (bytes.readUInt16BE((at[entry] ?? 0) + STAT_BYTES + width + 2) & INTENDED) !== 0,
    trees: readExtensions(bytes, next, end, width),
  };
}

/** Version 4: each path is what the one before it lacks. */
interface PathBuilder {
  /** Where the path that was added last lies. */
  readonly start: number;
  readonly end: number;
  /** Gives where its zero byte is. */
  add(from: Buffer, at: number, limit: number): number;
  bytes(): Buffer;
}

function createPathBuilder(): PathBuilder {
  let bytes = Buffer.allocUnsafe(1 << 16);
  let start = 0;
  let end = 0;
  return {
    get start() {
      return start;
    },
    get end() {
      return end;
    },
    add(from, at, limit) {
      // How much of the end of the path before is dropped: a number as in an offset delta of a pack.
      let position = at;
      let byte = from[position++] ?? 0;
      let dropped = byte & 0x7f;
      while ((byte & 0x80) !== 0) {
        if (position >= limit || dropped > limit) throw new IndexError('the index is cut off');
        byte = from[position++] ?? 0;
        dropped = (dropped + 1) * 128 + (byte & 0x7f);
      }
      const zero = from.indexOf(0, position);
      const kept = end - start - dropped;
      if (kept < 0 || zero < 0 || zero >= limit) throw new IndexError('the index is cut off');
      const length = kept + zero - position;
      if (length === 0) throw new IndexError('an entry has no path');
      if (end + length > bytes.length) {
        // A few bytes may stand for long paths, over and over.
        if (end + length > MAX_PATH_BYTES) throw new IndexError('the paths are too long');
        bytes = Buffer.concat([bytes], Math.max(bytes.length * 2, end + length));
      }
      bytes.copyWithin(end, start, start + kept);
      from.copy(bytes, end + kept, position, zero);
      start = end;
      end += length;
      return zero;
    },
    bytes: () => bytes,
  };
}

const MAX_PATH_BYTES = 1024 * 1024 * 1024;

/** Gives what `TREE` says. Extensions whose name begins with a capital may be passed over. */
function readExtensions(bytes: Buffer, start: number, end: number, width: number): CachedTree | undefined {
  let trees: CachedTree | undefined;
  for (let at = start; at < end;) {
    if (at + 8 > end) throw new IndexError('the index is cut off');
    const name = bytes.toString('latin1', at, at + 4);
    const from = at + 8;
    const to = from + bytes.readUInt32BE(at + 4);
    if (to > end) throw new IndexError('the index is cut off');
    if (name === 'TREE') trees = parseTrees(bytes.subarray(from, to), width);
    else if (!(name >= 'A' && name < '[')) throw new IndexError(`the index has the extension ${JSON.stringify(name)}`);
    at = to;
  }
  return trees;
}

interface Open {
  readonly folders: Map<string, CachedTree>;
  left: number;
}

/** Directories before what is in them: name, zero byte, number of entries, blank, number of folders, line break, id. */
function parseTrees(bytes: Buffer, width: number): CachedTree | undefined {
  let root: CachedTree | undefined;
  const open: Open[] = [];
  for (let at = 0; at < bytes.length;) {
    const zero = bytes.indexOf(0, at);
    const blank = bytes.indexOf(0x20, zero);
    const line = bytes.indexOf(0x0a, blank);
    if (zero < 0 || blank < 0 || line < 0) return undefined;
    const name = bytes.toString('latin1', at, zero);
    const entries = Number(bytes.toString('latin1', zero + 1, blank));
    const left = Number(bytes.toString('latin1', blank + 1, line));
    const isKnown = entries >= 0;
    at = line + 1 + (isKnown ? width : 0);
    if (!Number.isSafeInteger(entries) || !Number.isSafeInteger(left) || left < 0 || at > bytes.length)
      return undefined;
    const folders = new Map<string, CachedTree>();
    const tree = { entries, oid: isKnown ? bytes.toString('hex', at - width, at) : '', folders };
    const parent = open.at(-1);
    if (parent === undefined) {
      if (root !== undefined) return undefined;
      root = tree;
    } else {
      parent.folders.set(name, tree);
      parent.left -= 1;
    }
    open.push({ folders, left });
    while (open.at(-1)?.left === 0) open.pop();
  }
  return open.length === 0 ? root : undefined;
}
