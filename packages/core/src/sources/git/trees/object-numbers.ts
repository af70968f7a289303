/**
 * Numbers for objects: those in packs have that of their entry in the forest, others follow, whether they exist or not.
 */
import { createOidTable, hashBytes, type OidTable, toHex } from '../oid.ts';
import { type Forest, findEntry } from '../pack/forest.ts';
import { findWordSlots } from '../pack/id-slots.ts';

export interface ObjectNumbers {
  /** Numbers below this one are entries of packs. */
  readonly packed: number;
  readonly width: number;
  /** Number of the object with the id at `bytes[at]`. */
  add(bytes: Uint8Array, at: number): number;
  /** The same for the first `count` ids of `ids`, as words. */
  readonly addAll: (ids: Int32Array, count: number, numbers: Int32Array) => void;
  /** -1 for an id that has not been added and that no pack has. */
  find(bytes: Uint8Array, at: number): number;
  hex(object: number): string;
  /** Adds the object's id to a table that has it not; gives its number there. */
  appendTo(table: OidTable, object: number): number;
}

export function createObjectNumbers(forest: Forest): ObjectNumbers {
  const width = hashBytes(forest.hash);
  const others = createOidTable(forest.hash);

  function add(bytes: Uint8Array, at: number): number {
    const entry = findEntry(forest, bytes, at);
    return entry < 0 ? forest.count + others.add(bytes, at) : entry;
  }

  return {
    packed: forest.count,
    width,
    add,
    addAll(ids, count, numbers) {
      findWordSlots(forest.slots, ids, count, numbers);
      const bytes = new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);
      for (let each = 0; each < count; each += 1)
        if ((numbers[each] ?? -1) < 0) numbers[each] = forest.count + others.add(bytes, each * width);
    },
    find(bytes, at) {
      const entry = findEntry(forest, bytes, at);
      if (entry >= 0) return entry;
      const other = others.find(bytes, at);
      return other < 0 ? -1 : forest.count + other;
    },
    hex: (object) => (object < forest.count ? toHex(forest.ids, object, width) : others.hex(object - forest.count)),
    appendTo: (table, object) =>
      object < forest.count
        ? table.append(forest.ids, object * width)
        : table.append(others.raw(), (object - forest.count) * width),
  };
}
