/** What an entry of a pack is, in git's numbers (gitformat-pack, "object types"). */
import type { ObjectType } from '../batch-parser.ts';

export const COMMIT = 1;
export const TREE = 2;
export const BLOB = 3;
/** Deltas: the base is so many bytes before it, or named by its id. */
export const OFS_DELTA = 6;
export const REF_DELTA = 7;

const TYPES: readonly (ObjectType | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag'];

/** Undefined for every number that is no object's. */
export function objectType(number: number | undefined): ObjectType | undefined {
  return TYPES[number ?? 0];
}

export function typeNumber(type: ObjectType): number {
  return TYPES.indexOf(type);
}
