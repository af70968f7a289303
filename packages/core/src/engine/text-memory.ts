/** What is kept of a text for those that derive from it. */
import { linearMemory } from '../bytes/linear-memory.ts';
import { OCCURRENCE_BYTES, UTF16 } from './kernel.ts';
import type { RegionBase } from './regions.ts';
import type { DecodedPart, EngineRecord } from './state.ts';

export interface TextMemory extends RegionBase {
  readonly length: number;
  /** Occurrences as the kernel has them, in a block of linear memory. */
  readonly occurrences: number;
  readonly count: number;
  /** By `recordKey`. */
  readonly records: ReadonlyMap<number, EngineRecord>;
  readonly cuts: ReadonlySet<number>;
  /** Decoded regions with a result, by `regionKey`. */
  readonly regions: ReadonlyMap<number, DecodedPart>;
}

/** More keywords of rules than there can be; with it, keys stay exact numbers for every place in a text. */
const MAX_ENTRIES: number = 2 ** 20;

/** Under which a result at a keyword is kept: its place and the entry of the tables, which names rule and keyword. */
export function recordKey(keywordAt: number, entry: number): number {
  return keywordAt * MAX_ENTRIES + entry;
}

export function entryOf(key: number): number {
  return key % MAX_ENTRIES;
}

export function regionKey(kind: number, start: number): number {
  return start * 4 + kind;
}

const HOT_WORDS = 4;

const NO_HOT: Pick<RegionBase, 'hot' | 'hotCount'> = { hot: 0, hotCount: 0 };

/** Lays regions out for the kernel (assembly/regions.ts), in a block of linear memory. Those of UTF-16 are never taken over. */
export function keepRegions(regions: ReadonlyMap<number, DecodedPart>): Pick<RegionBase, 'hot' | 'hotCount'> {
  if (regions.size === 0) return NO_HOT;
  const kept = [...regions].filter(([, part]) => part.kind !== UTF16).sort(([a], [b]) => a - b);
  if (kept.length === 0) return NO_HOT;
  const memory = linearMemory();
  const hot = memory.allocate(kept.length * HOT_WORDS * 4);
  const words = kept.flatMap(([key, part]) => {
    const start = Math.floor(key / 4);
    return [start, start + part.extent.start, start + part.extent.end, part.kind];
  });
  memory.words.set(words, hot >> 2);
  return { hot, hotCount: kept.length };
}

export function forget(text: TextMemory): void {
  const memory = linearMemory();
  memory.free(text.occurrences, text.count * OCCURRENCE_BYTES);
  if (text.hotCount > 0) memory.free(text.hot, text.hotCount * HOT_WORDS * 4);
}
