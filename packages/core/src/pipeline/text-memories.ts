/** What one set of rules remembers of the texts that others derive from, by slot (`Text.keep`). */
import { forget } from '../engine/text-memory.ts';
import type { TextMemory } from '../engine/text-memory.ts';

export interface TextMemories {
  at(slot: number): TextMemory | undefined;
  /**
   * Runs a scan and puts what it remembers into the slot. Whatever happens, what was there is gone afterwards: it is of
   * another text. Without a slot, nothing is kept.
   */
  keeping<T>(slot: number | undefined, scan: () => Remembered<T>): T;
  /** The text of this slot is another one now, of which nothing is remembered. */
  forget(slot: number | undefined): void;
}

export interface Remembered<T> {
  readonly memory: TextMemory | undefined;
  readonly value: T;
}

export function createTextMemories(): TextMemories {
  const memories: (TextMemory | undefined)[] = [];

  function keep(slot: number | undefined, memory: TextMemory | undefined): void {
    if (slot === undefined) return;
    const old = memories[slot];
    if (old !== undefined) forget(old);
    memories[slot] = memory;
  }

  return {
    at: (slot) => memories[slot],
    keeping(slot, scan) {
      let memory: TextMemory | undefined;
      try {
        const remembered = scan();
        memory = remembered.memory;
        return remembered.value;
      } finally {
        keep(slot, memory);
      }
    },
    forget: (slot) => keep(slot, undefined),
  };
}
