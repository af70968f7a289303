/** Asks git for the kinds and sizes of objects, and shares the texts among them out into jobs: the same on every run. */
import { HISTORY_JOB_BYTES, TEXT_OVERHEAD_BYTES } from '../limits.ts';
import { type GitDoor, gitStream } from './door.ts';
import { hashBytes, nibble } from './oid.ts';
import { createSplitter } from './splitter.ts';

export interface IdBatch {
  readonly ids: Uint8Array;
  readonly weight: number;
  readonly objects: number;
}

export interface ObjectList {
  readonly batches: readonly IdBatch[];
  readonly blobs: number;
  readonly commits: number;
  readonly tags: number;
  readonly trees: number;
  /** Blobs over the size limit: id and size. */
  readonly tooLarge: readonly { readonly oid: string; readonly size: number }[];
  /** Not there, or with a header that cannot be read. */
  readonly unreadable: readonly string[];
  /** File names of packs and indexes that git complained of: it passes over them, and all that is in them. */
  readonly damaged: readonly string[];
}

/** `ids`: the objects in hex, a line each; batches have them in this order. @throws GitError */
export async function listObjects(
  door: GitDoor,
  maxTextBytes: number,
  signal: AbortSignal,
  ids: Uint8Array,
): Promise<ObjectList> {
  const batches = createBatcher(hashBytes(door.hash));
  const count = { blob: 0, commit: 0, tag: 0, tree: 0 };
  const tooLarge: { oid: string; size: number }[] = [];
  const unreadable: string[] = [];

  const lines = createSplitter(0x0a, (bytes, start, end) => {
    const line = bytes.subarray(start, end);
    const hexEnd = line.indexOf(0x20);
    const sizeAt = line.lastIndexOf(0x20) + 1;
    const type = sizeAt === hexEnd + 1 ? 'missing' : typeName(line, hexEnd + 1);
    if (type === 'missing') {
      unreadable.push(latin1.decode(line.subarray(0, hexEnd)));
      return;
    }
    count[type] += 1;
    if (type === 'tree') return;
    const size = number(line, sizeAt);
    if (type === 'blob' && size > maxTextBytes) tooLarge.push({ oid: latin1.decode(line.subarray(0, hexEnd)), size });
    else batches.add(line, size);
  });
  const complaints = await gitStream(door, ['cat-file', '--batch-check', '--buffer'], lines.push, {
    signal,
    input: ids,
  });
  tooLarge.sort((a, b) => (a.oid < b.oid ? -1 : 1));
  unreadable.sort();
  return {
    damaged: packNames(complaints),
    batches: batches.finish(),
    blobs: count.blob,
    commits: count.commit,
    tags: count.tag,
    trees: count.tree,
    tooLarge,
    unreadable,
  };
}

/** `error: wrong index v2 file size in <directory>/pack-x.idx` and the like. */
function packNames(complaints: string): readonly string[] {
  const lines = complaints.split('\n').filter((line) => line.startsWith('error:'));
  const words = lines.flatMap((line) => line.replaceAll('\\', '/').replaceAll(' ', '/').split('/'));
  return [...new Set(words.filter((word) => word.endsWith('.idx') || word.endsWith('.pack')))].sort();
}

const latin1 = new TextDecoder('latin1');

function typeName(line: Uint8Array, at: number): 'blob' | 'commit' | 'tag' | 'tree' {
  if (line[at] === 0x62) return 'blob';
  if (line[at] === 0x63) return 'commit';
  return line[at + 1] === 0x61 ? 'tag' : 'tree';
}

function number(line: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start; at < line.length; at += 1) value = value * 10 + (line[at] ?? 0) - 0x30;
  return value;
}

/** Collects ids, given as hex at the start of a line, into batches of about the same weight. */
function createBatcher(width: number): {
  add(hex: Uint8Array, bytes: number): void;
  finish(): readonly IdBatch[];
} {
  const batches: IdBatch[] = [];
  let ids = new Uint8Array(1024 * width);
  let objects = 0;
  let weight = 0;

  function cut(): void {
    if (objects === 0) return;
    batches.push({ ids: ids.slice(0, objects * width), weight, objects });
    objects = 0;
    weight = 0;
  }

  return {
    add(hex, bytes) {
      const cost = bytes + TEXT_OVERHEAD_BYTES;
      if (weight + cost > HISTORY_JOB_BYTES) cut();
      if ((objects + 1) * width > ids.length) {
        const larger = new Uint8Array(ids.length * 2);
        larger.set(ids);
        ids = larger;
      }
      for (let at = 0; at < width; at += 1)
        ids[objects * width + at] = (nibble(hex[at * 2] ?? 0) << 4) | nibble(hex[at * 2 + 1] ?? 0);
      objects += 1;
      weight += cost;
    },
    finish() {
      cut();
      return batches;
    },
  };
}
