/**
 * The tables that the kernel searches with, laid out in linear memory; assembly/tables.ts has the same layout.
 */
import { FOLD } from '../bytes/ascii.ts';
import { anchorOffset, folded, LONGEST_ANCHOR, rarestFragment } from './anchors.ts';
import { createBlock } from './table-block.ts';

/** What one rule asks of one keyword. */
export interface TableEntry {
  readonly rule: number;
  /** Lower case, at least three bytes. */
  readonly keyword: string;
  readonly back: number;
  readonly forward: number;
  readonly stopAtNext: boolean;
  /** As in Reach. */
  readonly lines: number;
  /** Run over whole texts: it is only told that the keyword stands there. */
  readonly nonlocal: boolean;
  /** Number in engine/gates.ts; 0: none. */
  readonly gate: number;
  readonly after: ByteCondition | undefined;
  readonly around: AroundEntry | undefined;
  readonly run: ByteCondition | undefined;
}

/** What can stand around the keyword (rules/around.ts). */
export interface AroundEntry {
  /** The same object for all keywords of a rule: 256 classes, then rows of states. */
  readonly table: Uint8Array;
  readonly classes: number;
  /** Where the rows begin that read backward. */
  readonly backward: number;
  readonly starts: readonly [number, number];
}

/** At least `min` bytes of `set` (256 flags) in a row. */
export interface ByteCondition {
  readonly set: Uint8Array;
  readonly min: number;
}

export interface Tables {
  /** For EngineKernel.configure. All tables lie in one block that begins here. */
  readonly at: number;
  /** Of the block. */
  readonly size: number;
  /** Entries by the number that candidates name, as the kernel sorts them. */
  readonly entries: readonly PlacedEntry[];
}

export interface PlacedEntry {
  readonly rule: number;
  /** Folded. */
  readonly keyword: Uint8Array;
  readonly anchor: number;
}

interface Anchor {
  readonly bytes: Uint8Array;
  readonly entries: { readonly entry: TableEntry; readonly keyword: Uint8Array; readonly offset: number }[];
}

const MULTIPLIER = 0x9e3779b1;
const TABLE_MULTIPLIER = 0x85ebca6b;
const CASE_BLIND = 0x20202020;
const SHORT_CASE_BLIND = 0x00202020;
export const ANCHOR_WORDS = 8;
export const ENTRY_WORDS = 15;
const HEADER_BYTES = 64;
/** Anchors whose rules look further than this are marked, so that of all others it is plain how far they look at most. */
const NEAR_BACK = 512;
const NEAR_FORWARD = 512;
/** The mark, in a fragment's first word. */
const FAR: number = 0x80000000 | 0;
/** Both maps stay in the nearest caches: 64 and 16 KiB. */
const SLOT_BITS_4 = 19;
const SLOT_BITS_3 = 17;
const SLOTS_4: number = 2 ** SLOT_BITS_4 / 8;
const SLOTS_3: number = 2 ** SLOT_BITS_3 / 8;

/** @throws RangeError for a keyword under three bytes */
export function layTables(entries: readonly TableEntry[]): Tables {
  const anchors = anchorsOf(entries);
  const buckets = bucketsOf(anchors);
  const longestKeyword = anchors
    .flatMap((anchor) => anchor.entries)
    .reduce((longest, { keyword }) => Math.max(longest, keyword.length), 1);
  const reaches = anchors.map((anchor) => reachOf(anchor, longestKeyword));
  const block = createBlock(sizeOf(anchors, buckets));

  const header = block.take(HEADER_BYTES);
  const slots4 = block.take(SLOTS_4);
  const slots3 = block.take(SLOTS_3);
  const bits = Math.max(4, 34 - Math.clz32(buckets.size));
  const windows = block.take(8 << bits);
  const starts = block.take(4 * (buckets.size + 1));
  const fragments = block.take(8 * anchors.length);
  const anchorsAt = block.take(4 * ANCHOR_WORDS * anchors.length);
  const entriesAt = block.take(4 * ENTRY_WORDS * entries.length);
  const fold = block.put(FOLD);

  for (let slot = 0; slot < 1 << bits; slot++) block.word(windows + 8 * slot + 4, -1);
  let bucket = 0;
  let fragment = 0;
  for (const [window, members] of buckets) {
    if (window >>> 24 === 0) {
      block.bit(slots3, Math.imul(window, MULTIPLIER) >>> (32 - SLOT_BITS_3));
      for (const longer of followed(window, members, anchors))
        block.bit(slots4, Math.imul(longer, MULTIPLIER) >>> (32 - SLOT_BITS_4));
    } else block.bit(slots4, Math.imul(window, MULTIPLIER) >>> (32 - SLOT_BITS_4));
    let slot = Math.imul(window, TABLE_MULTIPLIER) >>> (32 - bits);
    while (block.wordAt(windows + 8 * slot + 4) !== -1) slot = (slot + 1) & ((1 << bits) - 1);
    block.word(windows + 8 * slot, window);
    block.word(windows + 8 * slot + 4, bucket);
    block.word(starts + 4 * bucket++, fragment);
    for (const each of members) {
      const bytes = anchors[each >> 8]?.bytes ?? NO_BYTES;
      block.word(fragments + 8 * fragment, isFar(reaches[each >> 8]) ? each | FAR : each);
      block.word(fragments + 8 * fragment++ + 4, bytes.length === 3 ? 0 : windowOf(bytes, 0));
    }
  }
  block.word(starts + 4 * bucket, fragment);

  const placed: PlacedEntry[] = [];
  let longestAnchor = 1;
  for (const [number, anchor] of anchors.entries()) {
    const next = mayFollow(anchor);
    const needed = anchor.bytes.length + (next === undefined ? 0 : 1);
    longestAnchor = Math.max(longestAnchor, needed);
    block.words(anchorsAt + 4 * ANCHOR_WORDS * number, [
      block.put(anchor.bytes),
      anchor.bytes.length,
      next === undefined ? 0 : block.put(next),
      needed,
      placed.length,
      placed.length + anchor.entries.length,
      ...(reaches[number] ?? NO_BOUNDS),
    ]);
    for (const { entry, keyword, offset } of anchor.entries) {
      block.words(entriesAt + 4 * ENTRY_WORDS * placed.length, [
        entry.rule,
        entry.back,
        entry.forward,
        (entry.stopAtNext ? 1 : 0) | (entry.nonlocal ? 2 : 0) | (entry.gate << 4),
        keyword.length,
        offset,
        keyword.length === anchor.bytes.length ? 0 : block.put(keyword),
        entry.after === undefined ? 0 : block.shared(entry.after.set),
        entry.after?.min ?? 0,
        entry.run === undefined ? 0 : block.shared(entry.run.set),
        entry.run?.min ?? 0,
        entry.lines,
        ...(entry.around === undefined ? [0, 0, 0] : aroundWords(entry.around, block.shared(entry.around.table))),
      ]);
      placed.push({ rule: entry.rule, keyword, anchor: number });
    }
  }
  block.words(header, [
    ...[slots4, slots3, windows, bits, starts, fragments, anchorsAt, entriesAt],
    ...[longestAnchor, longestKeyword, fold, anchors.length, entries.length],
    ...furthest(reaches.filter((reach) => !isFar(reach))),
  ]);
  return { at: header, size: block.take(0) - header, entries: placed };
}

function aroundWords({ classes, backward, starts }: AroundEntry, at: number): readonly number[] {
  return [at, starts[0] | (starts[1] << 8) | (classes << 16), at + backward];
}

const NO_BYTES = new Uint8Array(0);

function anchorsOf(entries: readonly TableEntry[]): readonly Anchor[] {
  const anchors = new Map<string, Anchor>();
  for (const entry of entries) {
    const keyword = folded(entry.keyword);
    if (keyword.length < 3)
      throw new RangeError(`keyword ${JSON.stringify(entry.keyword)} is shorter than three bytes`);
    const offset = anchorOffset(keyword, entry.stopAtNext);
    const bytes = keyword.subarray(offset, offset + LONGEST_ANCHOR);
    const key = latin1(bytes);
    let anchor = anchors.get(key);
    if (anchor === undefined) anchors.set(key, (anchor = { bytes, entries: [] }));
    anchor.entries.push({ entry, keyword, offset });
  }
  return [...anchors.values()];
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Fragments by window: `anchor << 8 | offset`. */
function bucketsOf(anchors: readonly Anchor[]): ReadonlyMap<number, readonly number[]> {
  const buckets = new Map<number, number[]>();
  for (const [number, { bytes }] of anchors.entries()) {
    const offset = rarestFragment(bytes);
    const window = windowOf(bytes, offset);
    const members = buckets.get(window);
    if (members === undefined) buckets.set(window, [(number << 8) | offset]);
    else members.push((number << 8) | offset);
  }
  return buckets;
}

function windowOf(bytes: Uint8Array, offset: number): number {
  const [a = 0, b = 0, c = 0, d] = bytes.subarray(offset, offset + 4);
  const low = a | (b << 8) | (c << 16);
  return d === undefined ? low | SHORT_CASE_BLIND : low | (d << 24) | CASE_BLIND;
}

/** A window of three bytes with each byte behind it that one of its fragments takes. */
function followed(window: number, members: readonly number[], anchors: readonly Anchor[]): number[] {
  const nexts = members.map((fragment) => {
    const anchor = anchors[fragment >> 8];
    return anchor === undefined ? undefined : mayFollow(anchor);
  });
  const longer: number[] = [];
  for (let b = 0; b < 256; b++)
    if (nexts.some((next) => next === undefined || next[b] === 1)) longer.push(window | (b << 24) | CASE_BLIND);
  return longer;
}

/**
 * For an anchor of three bytes: those that some rule of it can take behind it, so that it is not reported before any
 * other. Undefined where one can take any.
 */
function mayFollow({ bytes, entries }: Anchor): Uint8Array | undefined {
  if (bytes.length !== 3 || entries.some(({ entry }) => entry.nonlocal || entry.after === undefined)) return undefined;
  const union = new Uint8Array(256);
  for (const { entry } of entries)
    for (let b = 0; b < 256; b++) union[b] = (union[b] ?? 0) | (entry.after?.set[b] ?? 0);
  return union;
}

/** How far rules look before and behind the start of an anchor, guard bytes included; -1: no bounds. */
type AnchorReach = readonly [back: number, forward: number];

const NO_BOUNDS: AnchorReach = [-1, -1];

function isFar([back, forward]: AnchorReach = NO_BOUNDS): boolean {
  return back < 0 || back > NEAR_BACK || forward > NEAR_FORWARD;
}

function furthest(reaches: readonly AnchorReach[]): AnchorReach {
  return reaches.reduce<AnchorReach>(([a, b], [back, forward]) => [Math.max(a, back), Math.max(b, forward)], [0, 0]);
}

function reachOf({ entries }: Anchor, longestKeyword: number): AnchorReach {
  let back = 0;
  let forward = 0;
  for (const { entry, offset } of entries) {
    if (entry.nonlocal) return NO_BOUNDS;
    back = Math.max(back, entry.back + 1 + offset);
    forward = Math.max(forward, entry.forward + 1 + (entry.stopAtNext ? longestKeyword : 0) - offset);
  }
  return [back, forward];
}

function sizeOf(anchors: readonly Anchor[], buckets: ReadonlyMap<number, unknown>): number {
  const sets = new Set<Uint8Array>();
  let own = 0;
  let entries = 0;
  for (const anchor of anchors) {
    own += anchor.bytes.length + 16 + 256 + 16;
    for (const { entry, keyword } of anchor.entries) {
      entries++;
      own += keyword.length + 16;
      if (entry.after !== undefined) sets.add(entry.after.set);
      if (entry.run !== undefined) sets.add(entry.run.set);
      if (entry.around !== undefined) sets.add(entry.around.table);
    }
  }
  let sizes = 0;
  for (const set of sets) sizes += set.length + 16;
  const windows = 8 << Math.max(4, 34 - Math.clz32(buckets.size));
  const tables = HEADER_BYTES + SLOTS_4 + SLOTS_3 + windows + 4 * (buckets.size + 1) + 8 * anchors.length;
  return tables + 4 * (ANCHOR_WORDS * anchors.length + ENTRY_WORDS * entries) + 256 + own + sizes + 1024;
}
