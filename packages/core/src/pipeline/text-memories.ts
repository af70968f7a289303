/** What one set of rules remembers of the texts that others derive from, by slot (`Text.keep`). */
import { forget } from '../engine/text-memory.ts';
import type { TextMemory } from '../engine/text-memory.ts';

export interface TextMemories {
  at(slot: number): TextMemory | undefined;
  /**
   * The text of this slot is another one now: puts into it what is remembered of that, if anything is. What was there is
   * gone. Without a slot, nothing is kept.
   */
  keep(slot: number | undefined, memory: TextMemory | undefined): void;
}

export function createTextMemories(): TextMemories {
  const memories: (TextMemory | undefined)[] = [];

  return {
    at: (slot) => memories[slot],
    keep(slot, memory) {
      if (slot === undefined) return;
      const old = memories[slot];
      if (old !== undefined) forget(old);
      memories[slot] = memory;
    },
  };
}
