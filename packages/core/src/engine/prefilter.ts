/**
 * One pass over raw bytes that answers which keywords stand where. The hot loop of the product.
 *
 * Each keyword is found by a fragment of four bytes, the rarest it has by a table of byte frequencies in source text. A
 * rolling window of four bytes, made case-blind by setting bit 5 of each, is hashed into a map of one byte per slot; the
 * few windows that pass are looked up and compared with whole keywords, case folded for ASCII letters only. A keyword of
 * three bytes stands for its continuations: those that its rules can take, or all. All occurrences are reported, overlapping ones and keywords inside
 * keywords too. docs/performance.md has what else was tried.
 */
import { FOLD, ascii } from '../bytes/ascii.ts';

/** Positions and keyword numbers, sorted by position, then keyword. Reused between texts: copy what must stay. */
export interface Occurrences {
  count: number;
  positions: Int32Array;
  keywords: Uint16Array;
}

export interface Prefilter {
  readonly keywords: readonly string[];
  /** Bytes that decide whether an occurrence is reported: the keyword's, and one more where its continuation counts. */
  readonly lengths: Uint16Array;
  scan(bytes: Uint8Array, out: Occurrences): void;
  /** Calls back for every occurrence wholly inside `[from, to)`, in no particular order. */
  scanRange(bytes: Uint8Array, from: number, to: number, onOccurrence: (position: number, keyword: number) => void): void;
}

export function newOccurrences(capacity = 1024): Occurrences {
  return { count: 0, positions: new Int32Array(capacity), keywords: new Uint16Array(capacity) };
}

const SLOT_BITS = 16;
const SLOT_SHIFT = 32 - SLOT_BITS;
const MULTIPLIER = 0x9e3779b1;
/** Sets bit 5 of every byte of a window: `A` and `a` become the same, and a few other pairs, which the comparison tells apart. */
const CASE_BLIND = 0x20202020;

/** Letters of source text from frequent to rare; what is not listed is rarer still. */
const FREQUENT = ' etaoinrslducmpfghyb_.\n"()-=,:;/vkw\'0x12>t<q{}[]j3456789*z';

const RARITY: Uint8Array = (() => {
  const t = new Uint8Array(256).fill(FREQUENT.length + 4);
  for (let i = FREQUENT.length - 1; i >= 0; i--) t[FREQUENT.charCodeAt(i)] = i;
  return t;
})();

interface Word {
  readonly bytes: Uint8Array;
  readonly next: Uint8Array | undefined;
}

interface Fragment {
  readonly keyword: number;
  readonly offset: number;
}

/**
 * `keywords`: distinct, lower-case, at least three bytes each, at most 65,535 of them. `next`: for a keyword of three
 * bytes, flags of the 256 bytes that may follow it; an occurrence before any other byte, or at the end, is not reported.
 */
export function buildPrefilter(keywords: readonly string[], next: readonly (Uint8Array | undefined)[] = []): Prefilter {
  const words = keywords.map((keyword, index): Word => {
    const bytes = ascii(keyword).map((b) => FOLD[b] ?? b);
    if (bytes.length < 3) throw new RangeError(`keyword ${index} is shorter than three bytes`);
    return { bytes, next: bytes.length === 3 ? next[index] : undefined };
  });
  const buckets = new Map<number, Fragment[]>();
  for (const [index, word] of words.entries()) {
    const offset = rarestFragment(word.bytes);
    const [a = 0, b = 0, c = 0, d] = word.bytes.subarray(offset, offset + 4);
    const head = (a << 24) | (b << 16) | (c << 8);
    for (const last of d === undefined ? continuations(word.next) : [d]) add(buckets, head | last, { keyword: index, offset });
  }

  const slots = new Uint8Array(1 << SLOT_BITS);
  for (const window of buckets.keys()) slots[Math.imul(window, MULTIPLIER) >>> SLOT_SHIFT] = 1;
  const scan = scanner(slots, buckets, words);
  const range = newOccurrences();
  return {
    keywords,
    lengths: Uint16Array.from(words, (word) => word.bytes.length + (word.next === undefined ? 0 : 1)),
    scan,
    scanRange(bytes, from, to, onOccurrence) {
      scan(bytes.subarray(from, to), range);
      for (let i = 0; i < range.count; i++) onOccurrence(from + (range.positions[i] as number), range.keywords[i] as number);
    },
  };
}

function scanner(slots: Uint8Array, buckets: ReadonlyMap<number, readonly Fragment[]>, words: readonly Word[]): Prefilter['scan'] {
  const table = new WindowTable(buckets);
  return (bytes, out) => {
    out.count = 0;
    const n = bytes.length;
    if (n < 3) return;
    let window = ((bytes[0] as number) << 16) | ((bytes[1] as number) << 8) | (bytes[2] as number);
    for (let i = 3; i < n; i++) {
      window = (window << 8) | (bytes[i] as number);
      if (slots[Math.imul(window | CASE_BLIND, MULTIPLIER) >>> SLOT_SHIFT] !== 0) {
        const bucket = table.get(window | CASE_BLIND);
        if (bucket !== undefined) emit(bytes, i - 3, bucket, words, out);
      }
    }
    // One imaginary byte after the end, for keywords of three bytes.
    const bucket = table.get((window << 8) | CASE_BLIND);
    if (bucket !== undefined) emit(bytes, n - 3, bucket, words, out);
    sortOccurrences(out);
  };
}

/** Windows → fragments: open addressing over typed arrays, a third of the cost of a Map here. */
class WindowTable {
  readonly #keys: Int32Array;
  readonly #values: Int32Array;
  readonly #buckets: readonly (readonly Fragment[])[];
  readonly #shift: number;
  readonly #mask: number;

  constructor(buckets: ReadonlyMap<number, readonly Fragment[]>) {
    const bits = Math.max(4, 34 - Math.clz32(buckets.size));
    this.#shift = 32 - bits;
    this.#mask = (1 << bits) - 1;
    this.#keys = new Int32Array(1 << bits);
    this.#values = new Int32Array(1 << bits).fill(-1);
    this.#buckets = [...buckets.values()];
    for (const [index, window] of [...buckets.keys()].entries()) {
      let slot = this.#slot(window);
      while (this.#values[slot] !== -1) slot = (slot + 1) & this.#mask;
      this.#keys[slot] = window;
      this.#values[slot] = index;
    }
  }

  get(window: number): readonly Fragment[] | undefined {
    for (let slot = this.#slot(window); ; slot = (slot + 1) & this.#mask) {
      const value = this.#values[slot] as number;
      if (value === -1) return undefined;
      if (this.#keys[slot] === window) return this.#buckets[value];
    }
  }

  #slot(window: number): number {
    return Math.imul(window, 0x85ebca6b) >>> this.#shift;
  }
}

function emit(
  bytes: Uint8Array,
  at: number,
  bucket: readonly Fragment[],
  words: readonly Word[],
  out: Occurrences,
): void {
  for (const { keyword, offset } of bucket) {
    const { bytes: word, next } = words[keyword] as Word;
    const start = at - offset;
    const end = start + word.length;
    if (start < 0 || end > bytes.length) continue;
    let k = 0;
    while (k < word.length && FOLD[bytes[start + k] as number] === word[k]) k++;
    if (k < word.length || (next !== undefined && (end === bytes.length || next[bytes[end] as number] === 0))) continue;
    pushOccurrence(out, start, keyword);
  }
}

export function pushOccurrence(out: Occurrences, position: number, keyword: number): void {
  if (out.count === out.positions.length) grow(out);
  out.positions[out.count] = position;
  out.keywords[out.count] = keyword;
  out.count++;
}

function grow(out: Occurrences): void {
  const capacity = Math.max(16, out.positions.length * 2);
  const positions = new Int32Array(capacity);
  positions.set(out.positions);
  const keywords = new Uint16Array(capacity);
  keywords.set(out.keywords);
  out.positions = positions;
  out.keywords = keywords;
}

/** Fragments lie at different depths of their keywords, so positions come nearly, not wholly, sorted. */
export function sortOccurrences(out: Occurrences): void {
  const { positions, keywords, count } = out;
  for (let i = 1; i < count; i++) {
    const p = positions[i] as number;
    const k = keywords[i] as number;
    let j = i - 1;
    while (j >= 0 && ((positions[j] as number) > p || ((positions[j] as number) === p && (keywords[j] as number) > k))) {
      positions[j + 1] = positions[j] as number;
      keywords[j + 1] = keywords[j] as number;
      j--;
    }
    positions[j + 1] = p;
    keywords[j + 1] = k;
  }
}

function rarestFragment(word: Uint8Array): number {
  let best = 0;
  let bestScore = -1;
  for (let o = 0; o + 4 <= word.length; o++) {
    let score = 0;
    for (let k = 0; k < 4; k++) score += RARITY[word[o + k] ?? 0] ?? 0;
    if (score > bestScore) {
      best = o;
      bestScore = score;
    }
  }
  return best;
}

/** The case-blind bytes that may follow. */
function continuations(next: Uint8Array | undefined): number[] {
  const all = new Set<number>();
  for (let b = 0; b < 256; b++) if (next === undefined || next[b] === 1) all.add(b | 0x20);
  // What stands after the end of a text.
  if (next === undefined) all.add(0x20);
  return [...all];
}

function add(buckets: Map<number, Fragment[]>, window: number, fragment: Fragment): void {
  const key = window | CASE_BLIND;
  const bucket = buckets.get(key);
  if (bucket === undefined) buckets.set(key, [fragment]);
  else bucket.push(fragment);
}
