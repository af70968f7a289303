/** What is kept of a text for those that derive from it. */
import { linearMemory } from '../bytes/linear-memory.ts';
import type { DecodedPart, EngineRecord } from './state.ts';

export interface TextMemory {
  readonly length: number;
  /** Occurrences as the kernel has them, in a block of linear memory. */
  readonly occurrences: number;
  readonly count: number;
  /** By `recordKey`. */
  readonly records: ReadonlyMap<number, EngineRecord>;
  readonly cuts: ReadonlySet<number>;
  /** Decoded regions with a result, by `regionKey`. */
  readonly regions: ReadonlyMap<number, DecodedPart>;
  /** Sorted starts of those regions, as 32-bit words in linear memory. */
  readonly hot: number;
}

/** Under which a rule's result at a keyword is kept; ascending by place, then rule. */
export function recordKey(keywordAt: number, rule: number): number {
  return keywordAt * 65536 + rule;
}

export function regionKey(kind: number, start: number): number {
  return start * 4 + kind;
}

/** Lays sorted starts into a block of linear memory; 0 for none. */
export function keepStarts(regions: ReadonlyMap<number, DecodedPart>): number {
  if (regions.size === 0) return 0;
  const memory = linearMemory();
  const pointer = memory.allocate(regions.size * 4);
  const starts = Int32Array.from(regions.keys(), (key) => Math.floor(key / 4)).sort();
  memory.words.set(starts, pointer >> 2);
  return pointer;
}

export function forget(text: TextMemory): void {
  const memory = linearMemory();
  memory.free(text.occurrences, text.count * 8);
  if (text.regions.size > 0) memory.free(text.hot, text.regions.size * 4);
}
