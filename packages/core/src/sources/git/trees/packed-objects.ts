/** Objects of a repository: those in packs many at a time through the forest, any one of them by its id. */
import { setImmediate } from 'node:timers/promises';
import type { ObjectType } from '../batch-parser.ts';
import { fromHex } from '../oid.ts';
import { DEFAULT_WALK_LIMITS, walk, type WalkOptions } from '../pack/walk.ts';
import { findEntry, type Forest, objectType } from '../pack/forest.ts';
import type { StoredObject } from '../pack/loose.ts';
import type { ObjectDatabase } from '../pack/object-database.ts';
import { ObjectError } from '../pack/object-error.ts';

/** Commits, trees and tags above this are made up. */
const MAX_STRUCTURE_BYTES = 256 * 1024 * 1024;
/** Fewer objects than this are read one by one. */
const FEW = 64;

export type SingleObjects = Pick<ObjectDatabase, 'read' | 'header'>;

export interface PackedObjects {
  readonly forest: Forest;
  /** Visits every entry of a type that can be read, base before delta; see Visitor. */
  walkAll(
    type: ObjectType,
    signal: AbortSignal,
    visit: (entry: number, bytes: Uint8Array, depth: number, copies: Int32Array | undefined) => void,
  ): Promise<void>;
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
    wanted: WalkOptions['wanted'],
    signal: AbortSignal,
    visit: (entry: number, bytes: Uint8Array, depth: number, copies: Int32Array | undefined) => void,
  ): Promise<void> {
    const limits = { ...DEFAULT_WALK_LIMITS, textBytes: MAX_STRUCTURE_BYTES };
    const steps = walk(
      forest,
      roots,
      { limits, wanted },
      // What cannot be had here is asked for by its id when it is missed.
      { entry: visit, failed: () => undefined },
    );
    for (let step = steps.next(); step.done !== true; step = steps.next()) {
      await setImmediate();
      signal.throwIfAborted();
    }
  }

  return {
    forest,
    async walkAll(type, signal, visit) {
      const roots: number[] = [];
      for (let entry = 0; entry < forest.count; entry += 1)
        if (forest.root[entry] === entry && objectType(forest.type[entry]) === type) roots.push(entry);
      await walkRoots(Int32Array.from(roots), undefined, signal, visit);
    },
    async readEach(ids, signal, visit) {
      const left = new Map<number, string>();
      const alone: string[] = [];
      for (const oid of ids) {
        const entry = ids.length < FEW ? -1 : findEntry(forest, fromHex(oid));
        if (entry < 0 || (forest.root[entry] ?? -1) < 0) alone.push(oid);
        else left.set(entry, oid);
      }
      if (left.size > 0) {
        const wanted = new Uint8Array(forest.count);
        const roots = new Set<number>();
        for (const entry of left.keys()) {
          wanted[entry] = 1;
          roots.add(forest.root[entry] ?? -1);
        }
        await walkRoots(Int32Array.from(roots).sort(), wanted, signal, (entry, bytes) => {
          const oid = left.get(entry);
          const type = objectType(forest.type[entry]);
          if (oid === undefined || type === undefined) return;
          left.delete(entry);
          visit(oid, type, bytes);
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
