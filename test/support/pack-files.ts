/** Object directories with packs that were put together, and what a walk finds in them. */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { entryHex, type Forest, openForest } from '../../packages/core/src/sources/git/pack/forest.ts';
import { objectType } from '../../packages/core/src/sources/git/pack/object-types.ts';
import {
  DEFAULT_WALK_LIMITS,
  type Failure,
  walk,
  type WalkOptions,
} from '../../packages/core/src/sources/git/pack/walk.ts';
import { type Hash, type IndexOptions, type MadeEntry, type MadePack, makeIndex, makePack } from './made-pack.ts';

/** Writes a pack and its index below an object directory; `index: false` leaves that out. */
export function writePack(
  objects: string,
  name: string,
  entries: readonly MadeEntry[],
  options: IndexOptions & { readonly index?: boolean } = {},
): MadePack {
  const made = makePack(entries, options.hash);
  const stem = join(objects, 'pack', `pack-${name}`);
  mkdirSync(join(objects, 'pack'), { recursive: true });
  const file = openSync(`${stem}.pack`, 'w');
  ftruncateSync(file, made.size);
  for (const { at, bytes } of made.pieces) writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
  if (options.index !== false) writeFileSync(`${stem}.idx`, makeIndex(made.ids, made.offsets, options));
  return made;
}

export function writeLoose(objects: string, oid: string, type: string, content: Uint8Array): void {
  mkdirSync(join(objects, oid.slice(0, 2)), { recursive: true });
  const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  writeFileSync(join(objects, oid.slice(0, 2), oid.slice(2)), deflateSync(bytes));
}

export interface Walked {
  readonly forest: Forest;
  /** Type and content by id, of entries that were visited; one that comes again must be the same. */
  readonly objects: ReadonlyMap<string, { readonly type: string; readonly bytes: Buffer }>;
  /** Ids in the order of the visits. */
  readonly order: readonly string[];
  readonly failed: ReadonlyMap<string, Failure>;
  readonly deepest: number;
  readonly copied: number;
}

/** Walks all trees; checks that every run of copies says the truth. */
export async function walkAll(
  objectDirs: readonly string[],
  hash: Hash = 'sha1',
  options: Partial<WalkOptions> = {},
): Promise<Walked> {
  const forest = await openForest(objectDirs, hash);
  const roots = Int32Array.from(Array.from(forest.root.keys()).filter((entry) => forest.root[entry] === entry));
  return walkRoots(forest, roots, options);
}

export function walkRoots(forest: Forest, roots: Int32Array, options: Partial<WalkOptions> = {}): Walked {
  const objects = new Map<string, { type: string; bytes: Buffer }>();
  const order: string[] = [];
  const failed = new Map<string, Failure>();
  const byDepth: { entry: number; bytes: Buffer }[] = [];
  let deepest = 0;
  let copied = 0;
  const steps = walk(
    forest,
    roots,
    { limits: DEFAULT_WALK_LIMITS, ...options },
    {
      entry(entry, view, depth, copies) {
        const bytes = Buffer.from(view);
        const id = entryHex(forest, entry);
        const before = objects.get(id);
        if (before !== undefined && !before.bytes.equals(bytes)) throw new Error(`two contents for ${id}`);
        objects.set(id, { type: objectType(forest.type[entry]) ?? '', bytes });
        order.push(id);
        if (copies !== undefined) copied += checkCopies(bytes, copies, byDepth[depth - 1], forest.base[entry] ?? -1);
        byDepth[depth] = { entry, bytes };
        deepest = Math.max(deepest, depth);
      },
      failed: (entry, reason) => failed.set(entryHex(forest, entry), reason),
    },
  );
  for (const _step of steps);
  return { forest, objects, order, failed, deepest, copied };
}

function checkCopies(
  bytes: Buffer,
  copies: Int32Array,
  base: { readonly entry: number; readonly bytes: Buffer } | undefined,
  expected: number,
): number {
  let end = 0;
  let sum = 0;
  for (let at = 0; at < copies.length; at += 3) {
    const [from = 0, to = 0, length = 0] = copies.subarray(at, at + 3);
    if (to < end || length <= 0 || to + length > bytes.length) throw new Error('a run lies outside the text');
    // The base is not visited if it is not wanted.
    if (base?.entry === expected && base.bytes.compare(bytes, to, to + length, from, from + length) !== 0)
      throw new Error('a run is not the same in base and text');
    end = to + length;
    sum += length;
  }
  return sum;
}
