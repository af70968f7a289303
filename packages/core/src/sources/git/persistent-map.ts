/**
 * A map from small whole numbers to others, which is not changed by setting a key: that gives another map that shares
 * almost all of the first. Two maps are compared without looking at what they share. History needs one map per commit,
 * and neighbours differ in a few entries.
 *
 * A map is the number of its topmost node; nodes lie in one array, sixteen slots each, a cache line.
 */
const BITS = 4;
const WIDTH = 1 << BITS;

/** The map that holds nothing. */
export const EMPTY_MAP = 0;

export interface MapSpace {
  /** The value, 0 for none. */
  get(map: number, key: number): number;
  /** `value`: positive; 0 removes the key. A map that was made since the last `freeze` may be changed itself. */
  set(map: number, key: number, value: number): number;
  /** Maps made so far stay as they are. */
  freeze(): void;
  /** Visits the keys of the set whose values differ. */
  differences(a: number, b: number, keys: KeySet, visit: (key: number, inA: number, inB: number) => void): void;
  /** For each value in some of the maps: which of them hold it, ascending indices, at most `most`. */
  holders(maps: ArrayLike<number>, most: number): ReadonlyMap<number, readonly number[]>;
  /** An empty set of keys. */
  keySet(): KeySet;
  /** Nodes in use, whether a map still holds them or not. */
  readonly size: number;
  /** Forgets all maps but these, which get other numbers. */
  keep(maps: Int32Array): void;
}

/** Keys to look at; what a map holds of others is passed over a whole node at a time. */
export interface KeySet {
  add(key: number): void;
  /** True if the set has a key that agrees with `key` in all bits from `shift` on. */
  hasBelow(key: number, shift: number): boolean;
}

/** Maps for keys below `keys`. */
export function createMapSpace(keys: number): MapSpace {
  let levels = 1;
  while (WIDTH ** levels < keys) levels += 1;
  const top = (levels - 1) * BITS;
  let nodes = new Int32Array(WIDTH * 64);
  /** Node 0 is the one that holds nothing. */
  let count = 1;
  let frozen = 1;

  function allocate(): number {
    if ((count + 1) * WIDTH > nodes.length) {
      const larger = new Int32Array(nodes.length * 2);
      larger.set(nodes);
      nodes = larger;
    }
    count += 1;
    return count - 1;
  }

  function put(node: number, key: number, value: number, shift: number): number {
    const slot = (key >>> shift) & (WIDTH - 1);
    const old = nodes[node * WIDTH + slot] ?? 0;
    const next = shift === 0 ? value : put(old, key, value, shift - BITS);
    if (next === old) return node;
    let own = node;
    if (node < frozen) {
      own = allocate();
      nodes.copyWithin(own * WIDTH, node * WIDTH, (node + 1) * WIDTH);
    }
    nodes[own * WIDTH + slot] = next;
    return next === 0 && isEmpty(own) ? EMPTY_MAP : own;
  }

  function isEmpty(node: number): boolean {
    for (let slot = node * WIDTH; slot < (node + 1) * WIDTH; slot += 1) if (nodes[slot] !== 0) return false;
    return true;
  }

  function compare(
    a: number,
    b: number,
    prefix: number,
    shift: number,
    set: KeySet,
    visit: (key: number, inA: number, inB: number) => void,
  ): void {
    for (let slot = 0; slot < WIDTH; slot += 1) {
      const inA = nodes[a * WIDTH + slot] ?? 0;
      const inB = nodes[b * WIDTH + slot] ?? 0;
      if (inA === inB) continue;
      const key = prefix | (slot << shift);
      if (!set.hasBelow(key, shift)) continue;
      if (shift === 0) visit(key, inA, inB);
      else compare(inA, inB, key, shift - BITS, set, visit);
    }
  }

  /** Copies what a map holds to the new nodes, once. */
  function copy(node: number, shift: number, to: Int32Array, moved: Int32Array): number {
    if (node === EMPTY_MAP) return EMPTY_MAP;
    const known = moved[node] ?? 0;
    if (known > 0) return known;
    const place = count;
    count += 1;
    moved[node] = place;
    for (let slot = 0; slot < WIDTH; slot += 1) {
      const value = nodes[node * WIDTH + slot] ?? 0;
      to[place * WIDTH + slot] = shift === 0 ? value : copy(value, shift - BITS, to, moved);
    }
    return place;
  }

  return {
    get(map, key) {
      let node = map;
      for (let shift = top; shift > 0 && node !== EMPTY_MAP; shift -= BITS)
        node = nodes[node * WIDTH + ((key >>> shift) & (WIDTH - 1))] ?? 0;
      return nodes[node * WIDTH + (key & (WIDTH - 1))] ?? 0;
    },
    set: (map, key, value) => put(map, key, value, top),
    freeze() {
      frozen = count;
    },
    differences(a, b, set, visit) {
      if (a !== b) compare(a, b, 0, top, set, visit);
    },
    holders(maps, most) {
      let level = new Map<number, readonly number[]>();
      for (let index = 0; index < maps.length; index += 1)
        if (maps[index] !== EMPTY_MAP) add(level, maps[index] ?? 0, [index], most);
      for (let depth = 0; depth < levels; depth += 1) {
        const below = new Map<number, readonly number[]>();
        for (const [node, holders] of level) {
          for (let slot = node * WIDTH; slot < (node + 1) * WIDTH; slot += 1)
            if (nodes[slot] !== 0) add(below, nodes[slot] ?? 0, holders, most);
        }
        level = below;
      }
      return level;
    },
    keySet: () => createKeySet(levels),
    get size() {
      return count;
    },
    keep(maps) {
      const to = new Int32Array(nodes.length);
      const moved = new Int32Array(count);
      count = 1;
      for (let index = 0; index < maps.length; index += 1) maps[index] = copy(maps[index] ?? 0, top, to, moved);
      nodes = to;
      frozen = count;
    },
  };
}

/** Adds holders, ascending, to those that are there. */
function add(all: Map<number, readonly number[]>, item: number, holders: readonly number[], most: number): void {
  const known = all.get(item);
  if (known === undefined) all.set(item, holders);
  else if (known !== holders) all.set(item, merged(known, holders, most));
}

function merged(a: readonly number[], b: readonly number[], most: number): readonly number[] {
  if (a.length === most && (b[0] ?? 0) > (a.at(-1) ?? 0)) return a;
  return [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, most);
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
