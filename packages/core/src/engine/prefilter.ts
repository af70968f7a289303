/**
 * One pass over raw bytes that answers which keywords stand where. The hot loop of the product.
 *
 * Each keyword is found by a fragment of four bytes, the rarest it has by a table of byte frequencies in source text: a
 * rolling window of four folded bytes is hashed into a bitmap (32 KiB, stays in the first-level cache); the few windows
 * that pass are looked up and compared with whole keywords. A keyword of three bytes stands for all its continuations.
 * All occurrences are reported, overlapping ones and keywords inside keywords too; case is folded for ASCII only.
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
  scan(bytes: Uint8Array, out: Occurrences): void;
  /** Calls back for every occurrence wholly inside `[from, to)`, in no particular order. */
  scanRange(bytes: Uint8Array, from: number, to: number, onOccurrence: (position: number, keyword: number) => void): void;
}

export function newOccurrences(capacity = 1024): Occurrences {
  return { count: 0, positions: new Int32Array(capacity), keywords: new Uint16Array(capacity) };
}

const BITMAP_BITS = 18;
const MULTIPLIER = 0x9e3779b1;
const SHIFT = 32 - BITMAP_BITS;

/** Letters of source text from frequent to rare; what is not listed is rarer still. */
const FREQUENT = ' etaoinrslducmpfghyb_.\n"()-=,:;/vkw\'0x12>t<q{}[]j3456789*z';

const RARITY: Uint8Array = (() => {
  const t = new Uint8Array(256).fill(FREQUENT.length + 4);
  for (let i = FREQUENT.length - 1; i >= 0; i--) t[FREQUENT.charCodeAt(i)] = i;
  return t;
})();

interface Fragment {
  readonly keyword: number;
  readonly offset: number;
}

/** `keywords`: distinct, lower-case, at least three bytes each, at most 65,535 of them. */
export function buildPrefilter(keywords: readonly string[]): Prefilter {
  const folded = keywords.map((k) => ascii(k).map((b) => FOLD[b] ?? b));
  const buckets = new Map<number, Fragment[]>();
  for (const [index, bytes] of folded.entries()) {
    if (bytes.length < 3) throw new RangeError(`keyword ${index} is shorter than three bytes`);
    const offset = rarestFragment(bytes);
    const head = ((bytes[offset] ?? 0) << 24) | ((bytes[offset + 1] ?? 0) << 16) | ((bytes[offset + 2] ?? 0) << 8);
    if (bytes.length === 3) {
      for (let b = 0; b < 256; b++) if (FOLD[b] === b) add(buckets, head | b, { keyword: index, offset });
    } else {
      add(buckets, head | (bytes[offset + 3] ?? 0), { keyword: index, offset });
    }
  }

  const bitmap = new Int32Array(1 << (BITMAP_BITS - 5));
  for (const window of buckets.keys()) {
    const h = Math.imul(window, MULTIPLIER) >>> SHIFT;
    bitmap[h >>> 5] = (bitmap[h >>> 5] ?? 0) | (1 << (h & 31));
  }
  const scan = scanner(bitmap, buckets, folded);
  const range = newOccurrences();
  return {
    keywords,
    scan,
    scanRange(bytes, from, to, onOccurrence) {
      scan(bytes.subarray(from, to), range);
      for (let i = 0; i < range.count; i++) onOccurrence(from + (range.positions[i] as number), range.keywords[i] as number);
    },
  };
}

function scanner(
  bitmap: Int32Array,
  buckets: ReadonlyMap<number, readonly Fragment[]>,
  folded: readonly Uint8Array[],
): Prefilter['scan'] {
  const fold = FOLD;
  return (bytes, out) => {
    out.count = 0;
    const n = bytes.length;
    if (n < 3) return;
    let window = ((fold[bytes[0] as number] as number) << 16) | ((fold[bytes[1] as number] as number) << 8) | (fold[bytes[2] as number] as number);
    for (let i = 3; i < n; i++) {
      window = (window << 8) | (fold[bytes[i] as number] as number);
      const h = Math.imul(window, MULTIPLIER) >>> SHIFT;
      if ((((bitmap[h >>> 5] as number) >>> (h & 31)) & 1) !== 0) {
        const bucket = buckets.get(window);
        if (bucket !== undefined) emit(bytes, i - 3, bucket, folded, out);
      }
    }
    // One imaginary byte after the end, for keywords of three bytes.
    const bucket = buckets.get(window << 8);
    if (bucket !== undefined) emit(bytes, n - 3, bucket, folded, out);
    sortOccurrences(out);
  };
}

function emit(
  bytes: Uint8Array,
  at: number,
  bucket: readonly Fragment[],
  folded: readonly Uint8Array[],
  out: Occurrences,
): void {
  for (const { keyword, offset } of bucket) {
    const word = folded[keyword] as Uint8Array;
    const start = at - offset;
    if (start < 0 || start + word.length > bytes.length) continue;
    let k = 0;
    while (k < word.length && FOLD[bytes[start + k] as number] === word[k]) k++;
    if (k < word.length) continue;
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

function add(buckets: Map<number, Fragment[]>, window: number, fragment: Fragment): void {
  const key = window | 0;
  const bucket = buckets.get(key);
  if (bucket === undefined) buckets.set(key, [fragment]);
  else bucket.push(fragment);
}
