/**
 * From the base of each entry to trees: types through chains, the root of each entry, lists of children. Bases may lie
 * anywhere, so chains are followed; those that end nowhere or run in a circle have type 0.
 */
export const NO_BASE = -1;
/** The base is in no pack. */
export const OUTSIDE = -2;
/** The base cannot be told. */
export const BROKEN = -3;

export interface Links {
  /** 1 to 4 for what is stored whole or derives from outside; any other for deltas. Completed here; 0: cannot be resolved. */
  readonly type: Uint8Array;
  /** Entry number, or one of the above. */
  readonly base: Int32Array;
  /** Filled here: the entry that each one derives from in the end; itself for a root; -1 where there is none. */
  readonly root: Int32Array;
}

const PENDING = 0xff;

/** `again`: a better base for an entry whose chain leads nowhere (another copy of the same object), or -1. */
export function resolveTypes({ type, base, root }: Links, again: (entry: number) => number): void {
  const count = type.length;
  let pending = 0;
  for (let entry = 0; entry < count; entry += 1) {
    const from = base[entry] ?? NO_BASE;
    if (from === NO_BASE || from === OUTSIDE) {
      root[entry] = type[entry] === 0 ? -1 : entry;
    } else if (from === BROKEN) {
      type[entry] = 0;
      root[entry] = -1;
    } else if (from < entry && type[from] !== PENDING) {
      type[entry] = type[from] ?? 0;
      root[entry] = root[from] ?? -1;
    } else {
      type[entry] = PENDING;
      pending += 1;
    }
  }
  if (pending === 0) return;
  followChains(type, base, root);
  for (let round = 0; round < MAX_ROUNDS && findOtherBases(type, base, again); round += 1)
    followChains(type, base, root);
}

/** Each round settles at least one more level of circles among copies; real repositories have none. */
const MAX_ROUNDS = 8;

function findOtherBases(type: Uint8Array, base: Int32Array, again: (entry: number) => number): boolean {
  let found = false;
  for (let entry = 0; entry < type.length; entry += 1) {
    if (type[entry] !== 0 || (base[entry] ?? NO_BASE) < 0) continue;
    const other = again(entry);
    if (other >= 0) {
      base[entry] = other;
      found = true;
    }
  }
  // Whatever has no type yet may derive from one that now has.
  if (found)
    for (let entry = 0; entry < type.length; entry += 1)
      if (type[entry] === 0 && (base[entry] ?? NO_BASE) >= 0) type[entry] = PENDING;
  return found;
}

const ON_PATH = 0xfe;

function followChains(type: Uint8Array, base: Int32Array, root: Int32Array): void {
  let path = new Int32Array(1024);
  for (let start = 0; start < type.length; start += 1) {
    if (type[start] !== PENDING) continue;
    let length = 0;
    let entry = start;
    while (type[entry] === PENDING) {
      type[entry] = ON_PATH;
      if (length === path.length) {
        const longer = new Int32Array(length * 2);
        longer.set(path);
        path = longer;
      }
      path[length] = entry;
      length += 1;
      entry = base[entry] ?? entry;
    }
    // A chain that meets itself has no beginning.
    const isCircle = type[entry] === ON_PATH;
    const found = isCircle ? 0 : (type[entry] ?? 0);
    const top = isCircle || found === 0 ? -1 : (root[entry] ?? -1);
    for (let at = 0; at < length; at += 1) {
      type[path[at] ?? 0] = found;
      root[path[at] ?? 0] = top;
    }
  }
}

export interface Children {
  readonly base: Int32Array;
  readonly root: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
}

/** Fills `firstChild` and `nextSibling`: children in ascending order of entry. */
export function linkChildren({ base, root, firstChild, nextSibling }: Children): void {
  firstChild.fill(-1);
  nextSibling.fill(-1);
  for (let entry = base.length - 1; entry >= 0; entry -= 1) {
    const from = base[entry] ?? NO_BASE;
    if (from < 0 || (root[entry] ?? -1) < 0) continue;
    nextSibling[entry] = firstChild[from] ?? -1;
    firstChild[from] = entry;
  }
}
