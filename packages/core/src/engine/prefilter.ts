/**
 * One pass over raw bytes that answers which keywords stand where. The hot loop of the product.
 *
 * Each keyword is found by a fragment of four bytes, the rarest it has by a table of byte frequencies in source text;
 * those of three bytes by themselves. A rolling window of four bytes, made case-blind by setting bit 5 of each, is hashed
 * into a map of one byte per slot, its last three into another; the few windows that pass are looked up and compared with
 * whole keywords, case folded for ASCII letters only. All occurrences are reported, overlapping ones and keywords inside
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
  scanRange(
    bytes: Uint8Array,
    from: number,
    to: number,
    onOccurrence: (position: number, keyword: number) => void,
  ): void;
}

export function newOccurrences(capacity = 1024): Occurrences {
  return { count: 0, positions: new Int32Array(capacity), keywords: new Uint16Array(capacity) };
}

/** Both maps and the tables behind them stay in the nearest caches: 64 and 16 KiB. */
const SLOT_BITS = 16;
const SHORT_BITS = 14;
const MULTIPLIER = 0x9e3779b1;
const TABLE_MULTIPLIER = 0x85ebca6b;
/** Sets bit 5 of every byte of a window: `A` and `a` become the same, and a few other pairs, which the comparison tells apart. */
const CASE_BLIND = 0x20202020;
const CASE_BLIND_SHORT = 0x00202020;
const SHORT_MASK = 0x00ffffff;

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
    add(buckets, fragmentWindow(word.bytes, offset), { keyword: index, offset });
  }
  const scan = scanner(compileTables(words, buckets));
  const range = newOccurrences();
  return {
    keywords,
    lengths: Uint16Array.from(words, (word) => word.bytes.length + (word.next === undefined ? 0 : 1)),
    scan,
    scanRange(bytes, from, to, onOccurrence) {
      scan(bytes.subarray(from, to), range);
      for (let i = 0; i < range.count; i++)
        onOccurrence(from + (range.positions[i] as number), range.keywords[i] as number);
    },
  };
}

/** Everything the loop reads, in typed arrays: objects would cost more than the comparisons. */
interface Tables {
  /** By hash of a window: 1 if some fragment may have it. */
  readonly slots: Uint8Array;
  readonly shortSlots: Uint8Array;
  /** Open addressing: window → number of its bucket, -1 where empty. */
  readonly windows: Int32Array;
  readonly bucketAt: Int32Array;
  readonly shift: number;
  /** Fragments of bucket `i` are those from `starts[i]` to `starts[i + 1]`. */
  readonly starts: Int32Array;
  readonly keywords: Uint16Array;
  readonly offsets: Uint8Array;
  /** Keyword `k` is `text[textAt[k] .. textAt[k + 1])`, folded. */
  readonly text: Uint8Array;
  readonly textAt: Int32Array;
  readonly next: readonly (Uint8Array | undefined)[];
}

function compileTables(words: readonly Word[], buckets: ReadonlyMap<number, readonly Fragment[]>): Tables {
  const slots = new Uint8Array(1 << SLOT_BITS);
  const shortSlots = new Uint8Array(1 << SHORT_BITS);
  const bits = Math.max(4, 34 - Math.clz32(buckets.size));
  const shift = 32 - bits;
  const windows = new Int32Array(1 << bits);
  const bucketAt = new Int32Array(1 << bits).fill(-1);
  const starts = new Int32Array(buckets.size + 1);
  const keywords: number[] = [];
  const offsets: number[] = [];
  for (const [bucket, [window, fragments]] of [...buckets].entries()) {
    // A window of three bytes has nothing in its first, where CASE_BLIND puts a bit into the others.
    if (window >>> 24 === 0) shortSlots[Math.imul(window, MULTIPLIER) >>> (32 - SHORT_BITS)] = 1;
    else slots[Math.imul(window, MULTIPLIER) >>> (32 - SLOT_BITS)] = 1;
    let slot = Math.imul(window, TABLE_MULTIPLIER) >>> shift;
    while (bucketAt[slot] !== -1) slot = (slot + 1) & ((1 << bits) - 1);
    windows[slot] = window;
    bucketAt[slot] = bucket;
    for (const { keyword, offset } of fragments) {
      keywords.push(keyword);
      offsets.push(offset);
    }
    starts[bucket + 1] = keywords.length;
  }
  const textAt = new Int32Array(words.length + 1);
  for (const [k, word] of words.entries()) textAt[k + 1] = (textAt[k] ?? 0) + word.bytes.length;
  const text = new Uint8Array(textAt[words.length] ?? 0);
  for (const [k, word] of words.entries()) text.set(word.bytes, textAt[k]);
  return {
    slots,
    shortSlots,
    windows,
    bucketAt,
    shift,
    starts,
    keywords: Uint16Array.from(keywords),
    offsets: Uint8Array.from(offsets),
    text,
    textAt,
    next: words.map((word) => word.next),
  };
}

/** Bytes per round of the two loops; the candidates of one round fit a cache. */
const BLOCK = 16384;

function scanner(tables: Tables): Prefilter['scan'] {
  const candidates = new Int32Array(BLOCK + 1);
  return (bytes, out) => {
    out.count = 0;
    const n = bytes.length;
    if (n < 3) return;
    look(bytes, 0, shortWindow(bytes, 0), tables, out);
    for (let from = 3; from < n; from += BLOCK) {
      const count = collect(bytes, from, Math.min(n, from + BLOCK), tables, candidates);
      for (let c = 0; c < count; c++) {
        const i = candidates[c] as number;
        const short = shortWindow(bytes, i - 2);
        look(bytes, i - 3, short | ((bytes[i - 3] as number) << 24) | CASE_BLIND, tables, out);
        look(bytes, i - 2, short, tables, out);
      }
    }
    sortOccurrences(out);
  };
}

/** Ends of windows in `[from, to)` that may be fragments. Without branches, which would be mispredicted too often. */
function collect(bytes: Uint8Array, from: number, to: number, tables: Tables, candidates: Int32Array): number {
  const { slots, shortSlots } = tables;
  let count = 0;
  let window = ((bytes[from - 3] as number) << 16) | ((bytes[from - 2] as number) << 8) | (bytes[from - 1] as number);
  for (let i = from; i < to; i++) {
    window = (window << 8) | (bytes[i] as number);
    const short = (window & SHORT_MASK) | CASE_BLIND_SHORT;
    candidates[count] = i;
    count +=
      (slots[Math.imul(window | CASE_BLIND, MULTIPLIER) >>> (32 - SLOT_BITS)] as number) |
      (shortSlots[Math.imul(short, MULTIPLIER) >>> (32 - SHORT_BITS)] as number);
  }
  return count;
}

function shortWindow(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number) | CASE_BLIND_SHORT
  );
}

/** Reports the keywords that have `window` as their fragment and stand around `at`. */
function look(bytes: Uint8Array, at: number, window: number, tables: Tables, out: Occurrences): void {
  const { windows, bucketAt, starts } = tables;
  const mask = windows.length - 1;
  let slot = Math.imul(window, TABLE_MULTIPLIER) >>> tables.shift;
  while (windows[slot] !== window || bucketAt[slot] === -1) {
    if (bucketAt[slot] === -1) return;
    slot = (slot + 1) & mask;
  }
  const bucket = bucketAt[slot] as number;
  const last = starts[bucket + 1] as number;
  for (let f = starts[bucket] as number; f < last; f++) {
    const keyword = tables.keywords[f] as number;
    const start = at - (tables.offsets[f] as number);
    if (start >= 0 && stands(bytes, start, keyword, tables)) pushOccurrence(out, start, keyword);
  }
}

function stands(bytes: Uint8Array, start: number, keyword: number, tables: Tables): boolean {
  const { text, textAt } = tables;
  const from = textAt[keyword] as number;
  const length = (textAt[keyword + 1] as number) - from;
  const end = start + length;
  if (end > bytes.length) return false;
  for (let k = 0; k < length; k++) if (FOLD[bytes[start + k] as number] !== text[from + k]) return false;
  const next = tables.next[keyword];
  return next === undefined || (end < bytes.length && next[bytes[end] as number] === 1);
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
    while (
      j >= 0 &&
      ((positions[j] as number) > p || ((positions[j] as number) === p && (keywords[j] as number) > k))
    ) {
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

function fragmentWindow(word: Uint8Array, offset: number): number {
  const [a = 0, b = 0, c = 0, d] = word.subarray(offset, offset + 4);
  if (d === undefined) return (a << 16) | (b << 8) | c | CASE_BLIND_SHORT;
  return (a << 24) | (b << 16) | (c << 8) | d | CASE_BLIND;
}

function add(buckets: Map<number, Fragment[]>, window: number, fragment: Fragment): void {
  const bucket = buckets.get(window);
  if (bucket === undefined) buckets.set(window, [fragment]);
  else bucket.push(fragment);
}
