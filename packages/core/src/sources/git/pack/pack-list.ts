/** Lists every object of a database once, in the order in which it lies on disk, and shares the texts out into batches. */
import { setImmediate } from 'node:timers/promises';
import { HISTORY_JOB_BYTES, TEXT_OVERHEAD_BYTES } from '../../limits.ts';
import type { ObjectType } from '../batch-parser.ts';
import { createOidTable, fromHex, hashBytes, type OidTable, toHex } from '../oid.ts';
import { listLoose } from './loose.ts';
import type { ObjectDatabase, Pack } from './object-database.ts';
import { ObjectError } from './object-error.ts';

export interface PackBatch {
  /** Number of the pack; -1: loose objects. */
  readonly pack: number;
  readonly ids: Uint8Array;
  /** Offsets in the pack, as many as ids; empty for loose objects. */
  readonly offsets: Float64Array;
  readonly weight: number;
}

export interface PackList {
  /** Texts: blobs, commits and tags. */
  readonly batches: readonly PackBatch[];
  /** What names other objects: commits and trees. */
  readonly structure: readonly PackBatch[];
  /** Ids of all objects that can be read. */
  readonly known: OidTable;
  readonly blobs: number;
  readonly commits: number;
  readonly tags: number;
  readonly trees: number;
  readonly unreadable: readonly string[];
}

/** What is known of one object without inflating it. For a delta the size is a guess: that of its base. */
interface Sketch {
  readonly type: ObjectType;
  readonly size: number;
}

/** `only`: nothing but these objects. */
export async function listPacked(database: ObjectDatabase, signal: AbortSignal, only?: OidTable): Promise<PackList> {
  const seen = createOidTable(database.hash);
  const batches: PackBatch[] = [];
  const structure: PackBatch[] = [];
  const count = { blob: 0, commit: 0, tag: 0, tree: 0 };
  const unreadable = new Set<string>();
  const readable = new Set<string>();

  function createSorter(pack: number): { add(id: Uint8Array, offset: number, sketch: Sketch): void; finish(): void } {
    const texts = createBatcher(pack, seen.width, batches);
    const links = createBatcher(pack, seen.width, structure);
    return {
      add(id, offset, { type, size }) {
        if ((only !== undefined && only.find(id) < 0) || !isNew(seen, id)) return;
        count[type] += 1;
        if (type !== 'tree') texts.add(id, offset, size);
        if (type === 'tree' || type === 'commit') links.add(id, offset, size);
      },
      finish() {
        texts.finish();
        links.finish();
      },
    };
  }

  for (const pack of database.packs) {
    const sorter = createSorter(pack.number);
    let visited = 0;
    for (const { id, offset, sketch } of sketchPack(database, pack)) {
      visited += 1;
      if (visited % 8192 === 0) await setImmediate();
      signal.throwIfAborted();
      if (sketch === undefined) {
        unreadable.add(toHex(id, 0, seen.width));
      } else {
        sorter.add(id, offset, sketch);
      }
    }
    sorter.finish();
  }
  for (const directory of database.objectDirs) {
    const sorter = createSorter(-1);
    for (const oid of listLoose(directory, database.hash)) {
      const id = fromHex(oid);
      const header = looseSketch(database, oid);
      if (header === undefined) unreadable.add(oid);
      else sorter.add(id, 0, header);
    }
    sorter.finish();
  }
  for (const oid of unreadable) if (seen.find(fromHex(oid)) >= 0) readable.add(oid);
  return {
    batches,
    structure,
    known: seen,
    blobs: count.blob,
    commits: count.commit,
    tags: count.tag,
    trees: count.tree,
    unreadable: [...unreadable].filter((oid) => !readable.has(oid)).sort(),
  };
}

function isNew(seen: OidTable, id: Uint8Array): boolean {
  const before = seen.size;
  return seen.add(id) === before;
}

function looseSketch(database: ObjectDatabase, oid: string): Sketch | undefined {
  try {
    return database.header(oid);
  } catch (error) {
    if (error instanceof ObjectError) return undefined;
    throw error;
  }
}

/**
 * Objects of a pack by offset. A delta has the type of its base, which lies before it (OFS_DELTA) or is looked up
 * (REF_DELTA).
 */
function* sketchPack(
  database: ObjectDatabase,
  pack: Pack,
): Generator<{ readonly id: Uint8Array; readonly offset: number; readonly sketch: Sketch | undefined }> {
  const index = pack.index();
  const width = hashBytes(database.hash);
  const offsets = Float64Array.from({ length: index.count }, (_, at) => safeOffset(() => index.offset(at)));
  const order = Uint32Array.from(offsets.keys()).sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0));
  const sketches = new Map<number, Sketch>();
  for (const at of order) {
    const offset = offsets[at] ?? 0;
    const id = index.ids.subarray(at * width, (at + 1) * width);
    const sketch = sketchEntry(database, pack, offset, toHex(id, 0, width), sketches);
    if (sketch !== undefined) sketches.set(offset, sketch);
    yield { id, offset, sketch };
  }
}

function safeOffset(read: () => number): number {
  try {
    return read();
  } catch {
    return 0;
  }
}

function sketchEntry(
  database: ObjectDatabase,
  pack: Pack,
  offset: number,
  oid: string,
  sketches: ReadonlyMap<number, Sketch>,
): Sketch | undefined {
  try {
    const { type, size, base } = pack.file.header(offset);
    if (type !== undefined) return { type, size };
    const known = base !== undefined && 'offset' in base ? sketches.get(base.offset) : undefined;
    return known ?? database.header(oid);
  } catch (error) {
    if (error instanceof ObjectError) return undefined;
    throw error;
  }
}

function createBatcher(
  pack: number,
  width: number,
  batches: PackBatch[],
): { add(id: Uint8Array, offset: number, bytes: number): void; finish(): void } {
  let ids: Uint8Array[] = [];
  let offsets: number[] = [];
  let weight = 0;

  function cut(): void {
    if (ids.length === 0) return;
    const raw = new Uint8Array(ids.length * width);
    for (const [index, id] of ids.entries()) raw.set(id, index * width);
    batches.push({ pack, ids: raw, offsets: Float64Array.from(pack < 0 ? [] : offsets), weight });
    ids = [];
    offsets = [];
    weight = 0;
  }

  return {
    add(id, offset, bytes) {
      const cost = bytes + TEXT_OVERHEAD_BYTES;
      if (weight + cost > HISTORY_JOB_BYTES) cut();
      ids.push(id);
      offsets.push(offset);
      weight += cost;
    },
    finish: cut,
  };
}
