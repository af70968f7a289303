/** From nondeterministic automata to tables that a loop over bytes can follow. */
import type { CharSet } from './char-set.ts';

/** No way leads on. */
const DEAD = 254;
/** There may be a match: what comes later does not matter, or is not known here. */
export const PASSED = 255;

/** Bytes that no position tells apart are of one class. */
export interface ByteClasses {
  readonly count: number;
  /** By byte. */
  readonly ofByte: Uint8Array;
  /** By position of the automaton: the classes that it reads. */
  readonly read: readonly (readonly number[])[];
  /** The class of all bytes from 0x80 on. */
  readonly high: number;
}

const FIRST_HIGH = 0x80;

export function byteClasses(sets: readonly CharSet[]): ByteClasses {
  const distinct = new Map<string, CharSet>();
  for (const set of sets) distinct.set(nameOf(set), set);
  const numbers = new Map<string, number>();
  const ofByte = new Uint8Array(256);
  for (let b = 0; b <= FIRST_HIGH; b++) {
    const readers = [...distinct.values()].map((set) => (reads(set, b) ? '1' : '0')).join('');
    const number = numbers.get(readers) ?? numbers.size;
    numbers.set(readers, number);
    ofByte[b] = number;
  }
  const high = ofByte[FIRST_HIGH] ?? 0;
  ofByte.fill(high, FIRST_HIGH);
  const ofSet = new Map<string, readonly number[]>();
  for (const [name, set] of distinct) {
    const classes = new Set<number>();
    for (let b = 0; b <= FIRST_HIGH; b++) if (reads(set, b)) classes.add(ofByte[b] ?? 0);
    ofSet.set(name, [...classes]);
  }
  return { count: numbers.size, ofByte, read: sets.map((set) => ofSet.get(nameOf(set)) ?? []), high };
}

function nameOf(set: CharSet): string {
  return `${set.ascii} ${set.high > 0 ? 'high' : ''}`;
}

/** A character above ASCII may be any bytes from 0x80 on (`byteFlags`). */
function reads(set: CharSet, byte: number): boolean {
  return byte < FIRST_HIGH ? ((set.ascii >> BigInt(byte)) & 1n) === 1n : set.high > 0;
}

export interface Determined {
  /** A byte for each state and class: the next state, DEAD, or PASSED. */
  readonly rows: Uint8Array;
  /** In the order of the starts: a state, DEAD or PASSED. */
  readonly starts: readonly number[];
}

/**
 * The automaton of sets of positions that were just read, with at most 254 states: those furthest from the starts are PASSED.
 * `next`: what may come after a position; `isEnd`: whether nothing more needs to come; `mostTried`: so many states are made
 * at first, of which many turn out to be equal.
 */
export function determine(
  classes: ByteClasses,
  next: readonly (readonly number[])[],
  isEnd: (position: number) => boolean,
  starts: readonly ReadonlySet<number>[],
  mostTried: number,
): Determined {
  for (let most = mostTried; ; most = Math.max(Math.min(DEAD, mostTried), most >> 1)) {
    const found = subsets(classes, next, isEnd, starts, most);
    const merged = minimised(found, classes.count);
    if (merged !== undefined) return merged;
  }
}

interface Subsets {
  /** Numbers of states; below 0: `GONE` or `ENOUGH`. */
  readonly rows: readonly (readonly number[])[];
  readonly starts: readonly number[];
}

const GONE = -1;
const ENOUGH = -2;
/** Steps from a position to a next one, each once for each class that it reads; what is left then is not told apart. */
const MAX_STEPS = 4_000_000;

function subsets(
  classes: ByteClasses,
  next: readonly (readonly number[])[],
  isEnd: (position: number) => boolean,
  starts: readonly ReadonlySet<number>[],
  most: number,
): Subsets {
  const states: (readonly number[])[] = [];
  const numbers = new Map<string, number>();
  function numberOf(positions: ReadonlySet<number> | undefined): number {
    if (positions === undefined || positions.size === 0) return GONE;
    const sorted = [...positions].sort((a, b) => a - b);
    if (sorted.some(isEnd)) return ENOUGH;
    const key = sorted.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (states.length === most) return ENOUGH;
    numbers.set(key, states.length);
    return states.push(sorted) - 1;
  }
  const numbered = starts.map(numberOf);
  const rows: (readonly number[])[] = [];
  let steps = 0;
  for (let state = 0; state < states.length; state++) {
    if (steps > MAX_STEPS) {
      rows.push(Array.from({ length: classes.count }, () => ENOUGH));
      continue;
    }
    const after: Set<number>[] = Array.from({ length: classes.count }, () => new Set());
    const positions = states[state] ?? [];
    for (const position of positions) {
      for (const target of next[position] ?? []) {
        const read = classes.read[target] ?? [];
        steps += 1 + read.length;
        for (const each of read) after[each]?.add(target);
      }
      // A character above ASCII goes on for some bytes.
      if (classes.read[position]?.includes(classes.high) === true) after[classes.high]?.add(position);
    }
    rows.push(after.map(numberOf));
  }
  return { rows, starts: numbered };
}

/** Equal states become one (Moore's algorithm); undefined if there are still too many. */
function minimised({ rows, starts }: Subsets, width: number): Determined | undefined {
  let group: number[] = rows.map(() => 0);
  let count = Math.min(1, rows.length);
  for (;;) {
    const numbers = new Map<string, number>();
    const finer = rows.map((row, state) => {
      const key = [group[state], ...row.map((target) => (target < 0 ? target : group[target]))].join();
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      return number;
    });
    group = finer;
    if (numbers.size === count) break;
    count = numbers.size;
  }
  if (count > DEAD) return undefined;
  const told = (target: number): number =>
    target === GONE ? DEAD : target === ENOUGH ? PASSED : (group[target] ?? DEAD);
  const bytes = new Uint8Array(count * width);
  rows.forEach((row, state) => bytes.set(row.map(told), (group[state] ?? 0) * width));
  return { rows: bytes, starts: starts.map(told) };
}
