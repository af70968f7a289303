/** Blocks of linear memory that are given back together. */
import { linearMemory } from '../../../bytes/linear-memory.ts';

export interface MemoryBlocks {
  /** A block with undefined contents. */
  allocate(size: number): number;
  free(pointer: number): void;
  close(): void;
}

export function createMemoryBlocks(): MemoryBlocks {
  const memory = linearMemory();
  const sizes = new Map<number, number>();

  function free(pointer: number): void {
    const size = sizes.get(pointer);
    if (size === undefined) return;
    sizes.delete(pointer);
    memory.free(pointer, size);
  }

  return {
    allocate(size) {
      const pointer = memory.allocate(size);
      sizes.set(pointer, size);
      return pointer;
    },
    free,
    close() {
      for (const pointer of [...sizes.keys()]) free(pointer);
    },
  };
}
