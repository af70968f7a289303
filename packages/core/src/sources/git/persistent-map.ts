/**
 * A map from small whole numbers that is never changed: setting a key gives a new map that shares almost all of the old
 * one. Two maps are compared without looking at what they share. History needs one map per commit, and neighbours
 * differ in a few entries.
 */
type Node<T> = readonly (Node<T> | T | undefined)[];

const BITS = 4;
const WIDTH = 1 << BITS;

/** An opaque map; compare two by `===` to know that they are equal. */
export interface Root<T> {
  readonly node: Node<T> | undefined;
}

export interface MapSpace<T> {
  readonly empty: Root<T>;
  get(map: Root<T>, key: number): T | undefined;
  /** `undefined` removes the key. */
  set(map: Root<T>, key: number, value: T | undefined): Root<T>;
  each(map: Root<T>, visit: (key: number, value: T) => void): void;
  /** Visits the keys of the set whose values are not identical. */
  differences(
    a: Root<T>,
    b: Root<T>,
    keys: KeySet,
    visit: (key: number, inA: T | undefined, inB: T | undefined) => void,
  ): void;
  /** An empty set of keys. */
  keySet(): KeySet;
}

/** Keys to look at; what a map holds of others is passed over a whole node at a time. */
export interface KeySet {
  add(key: number): void;
  /** True if the set has a key that agrees with `key` in all bits from `shift` on. */
  hasBelow(key: number, shift: number): boolean;
}

/** Maps for keys below `keys`. */
export function createMapSpace<T extends object>(keys: number): MapSpace<T> {
  let levels = 1;
  while (WIDTH ** levels < keys) levels += 1;
  const top = (levels - 1) * BITS;

  function get(map: Root<T>, key: number): T | undefined {
    let node: Node<T> | undefined = map.node;
    for (let shift = top; shift > 0 && node !== undefined; shift -= BITS)
      node = node[(key >>> shift) & (WIDTH - 1)] as Node<T> | undefined;
    return node?.[key & (WIDTH - 1)] as T | undefined;
  }

  function put(node: Node<T> | undefined, key: number, value: T | undefined, shift: number): Node<T> | undefined {
    const slot = (key >>> shift) & (WIDTH - 1);
    const old = node?.[slot];
    const next = shift === 0 ? value : put(old as Node<T> | undefined, key, value, shift - BITS);
    if (next === old) return node;
    const copy: (Node<T> | T | undefined)[] = node === undefined ? Array.from({ length: WIDTH }) : [...node];
    copy[slot] = next;
    return next === undefined && copy.every((entry) => entry === undefined) ? undefined : copy;
  }

  function walk(
    node: Node<T> | undefined,
    prefix: number,
    shift: number,
    visit: (key: number, value: T) => void,
  ): void {
    if (node === undefined) return;
    for (let slot = 0; slot < WIDTH; slot += 1) {
      const entry = node[slot];
      if (entry === undefined) continue;
      if (shift === 0) visit(prefix | slot, entry as T);
      else walk(entry as Node<T>, prefix | (slot << shift), shift - BITS, visit);
    }
  }

  function compare(
    a: Node<T> | undefined,
    b: Node<T> | undefined,
    prefix: number,
    shift: number,
    keys: KeySet,
    visit: (key: number, inA: T | undefined, inB: T | undefined) => void,
  ): void {
    if (a === b) return;
    for (let slot = 0; slot < WIDTH; slot += 1) {
      const inA = a?.[slot];
      const inB = b?.[slot];
      if (inA === inB) continue;
      const key = prefix | (slot << shift);
      if (!keys.hasBelow(key, shift)) continue;
      if (shift === 0) visit(key, inA as T | undefined, inB as T | undefined);
      else compare(inA as Node<T> | undefined, inB as Node<T> | undefined, key, shift - BITS, keys, visit);
    }
  }

  return {
    empty: { node: undefined },
    get,
    set(map, key, value) {
      const node = put(map.node, key, value, top);
      return node === map.node ? map : { node };
    },
    each: (map, visit) => walk(map.node, 0, top, visit),
    differences: (a, b, keys, visit) => compare(a.node, b.node, 0, top, keys, visit),
    keySet: () => createKeySet(levels),
  };
}

function createKeySet(levels: number): KeySet {
  /** Of each level, the keys without the bits below it. */
  const marks = Array.from({ length: levels }, (_, level) => new Uint8Array(WIDTH ** (levels - level)));
  return {
    add(key) {
      for (let level = 0; level < levels; level += 1) {
        const of = marks[level];
        if (of !== undefined) of[key >>> (level * BITS)] = 1;
      }
    },
    hasBelow: (key, shift) => marks[shift / BITS]?.[key >>> shift] === 1,
  };
}
