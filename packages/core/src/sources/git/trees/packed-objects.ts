/** Objects of a repository: those in packs many at a time through the forest, any one of them by its id. */
import { setImmediate } from 'node:timers/promises';
import type { ObjectType } from '../batch-parser.ts';
import { fromHex } from '../oid.ts';
import { findEntry, type Forest } from '../pack/forest.ts';
import type { StoredObject } from '../pack/loose.ts';
import type { ObjectDatabase } from '../pack/object-database.ts';
import { ObjectError } from '../pack/object-error.ts';
import { MAX_STRUCTURE_BYTES, walkLarge } from './large-walk.ts';
import { type SmallVisit, walkSmall } from './small-walk.ts';
import { objectType } from '../pack/object-types.ts';

export type SingleObjects = Pick<ObjectDatabase, 'read' | 'header'>;

export interface PackedObjects {
  readonly forest: Forest;
  /** Visits every entry of a type that can be read, base before delta. Some may be visited twice. */
  walkAll(type: ObjectType, signal: AbortSignal, visit: SmallVisit): Promise<void>;
  /** The same for these entries, and for what they derive from. */
  walkSome(entries: readonly number[], signal: AbortSignal, visit: SmallVisit): Promise<void>;
  /** Visits these objects, those that can be read, in any order. `bytes` is valid during the call only. */
  readEach(
    ids: readonly string[],
    signal: AbortSignal,
    visit: (oid: string, type: ObjectType, bytes: Uint8Array) => void,
  ): Promise<void>;
  /** Undefined when it is missing or corrupt. */
  read(oid: string): StoredObject | undefined;
  typeOf(oid: string): ObjectType | undefined;
}

export function createPackedObjects(forest: Forest, single: SingleObjects): PackedObjects {
  function read(oid: string): StoredObject | undefined {
    return quietly(() => single.read(oid, MAX_STRUCTURE_BYTES));
  }

  async function walkRoots(
    roots: Int32Array,
    needed: Uint8Array | undefined,
    signal: AbortSignal,
    visit: SmallVisit,
  ): Promise<void> {
    const small = walkSmall(forest, roots, needed, visit);
    let step = small.next();
    for (; step.done !== true; step = small.next()) {
      await setImmediate();
      signal.throwIfAborted();
    }
    await walkLarge(forest, step.value, needed, signal, (entry, bytes) => visit(entry, bytes, 0, bytes.length));
  }

  return {
    forest,
    async walkAll(type, signal, visit) {
      const roots: number[] = [];
      for (let entry = 0; entry < forest.count; entry += 1)
        if (forest.root[entry] === entry && objectType(forest.type[entry]) === type) roots.push(entry);
      await walkRoots(Int32Array.from(roots), undefined, signal, visit);
    },
    async walkSome(entries, signal, visit) {
      if (entries.length === 0) return;
      const { roots, needed } = chainsOf(forest, entries);
      await walkRoots(roots, needed, signal, visit);
    },
    async readEach(ids, signal, visit) {
      const left = new Map<number, string>();
      const alone: string[] = [];
      for (const oid of ids) {
        const entry = findEntry(forest, fromHex(oid));
        if (entry < 0 || (forest.root[entry] ?? -1) < 0) alone.push(oid);
        else left.set(entry, oid);
      }
      if (left.size > 0) {
        const { roots, needed } = chainsOf(forest, left.keys());
        await walkRoots(roots, needed, signal, (entry, bytes, start, end) => {
          const oid = left.get(entry);
          const type = objectType(forest.type[entry]);
          if (oid === undefined || type === undefined) return;
          left.delete(entry);
          visit(oid, type, bytes.subarray(start, end));
        });
      }
      for (const [index, oid] of [...alone, ...left.values()].entries()) {
        if (index % 1024 === 1023) await setImmediate();
        signal.throwIfAborted();
        const object = read(oid);
        if (object !== undefined) visit(oid, object.type, object.bytes);
      }
    },
    read,
    typeOf(oid) {
      const entry = findEntry(forest, fromHex(oid));
      const type = entry < 0 ? undefined : objectType(forest.type[entry]);
      return type ?? quietly(() => single.header(oid))?.type;
    },
  };
}

/** Undefined for what is missing or corrupt. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ObjectError) return undefined;
    throw error;
  }
}

/** What must be built to have these entries: their roots, ascending, and all that lies between. */
function chainsOf(
  forest: Forest,
  entries: Iterable<number>,
): { readonly roots: Int32Array; readonly needed: Uint8Array } {
  const needed = new Uint8Array(forest.count);
  const roots = new Set<number>();
  for (const entry of entries) {
    roots.add(forest.root[entry] ?? -1);
    for (let at = entry; at >= 0 && needed[at] !== 1; at = forest.base[at] ?? -1) needed[at] = 1;
  }
  return { roots: Int32Array.from(roots).sort(), needed };
}
