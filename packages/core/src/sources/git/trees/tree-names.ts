/** Names of entries, kept where the kernel looks for them. */
import { randomBytes } from 'node:crypto';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { ObjectError } from '../pack/object-error.ts';
import type { TreeKernel } from './kernel.ts';
import type { MemoryBlocks } from './memory-blocks.ts';

/** Names are short and repeat; more than this is made up. */
const MAX_BYTES = 256 * 1024 * 1024;
const FIRST_SLOTS = 1 << 13;
const FIRST_BYTES = 64 * 1024;

export interface TreeNames {
  /** Makes more room. @throws ObjectError `limit` */
  grow(): void;
  /** All of them, on shared memory: where each begins, where the last one ends, and their bytes. */
  share(): { readonly names: Uint8Array; readonly nameStarts: Int32Array };
}

export function createTreeNames(kernel: TreeKernel, blocks: MemoryBlocks): TreeNames {
  const memory = linearMemory();
  /** Names, their bytes, and the length of the one that does not fit. */
  const counts = blocks.allocate(12);
  memory.words.fill(0, counts >> 2, (counts >> 2) + 3);
  let slots = FIRST_SLOTS;
  let bytes = FIRST_BYTES;
  let slotsAt = blocks.allocate(slots * 4);
  let hashesAt = blocks.allocate(slots * 2 + 4);
  let startsAt = blocks.allocate(slots * 2 + 4);
  let poolAt = blocks.allocate(bytes);
  memory.words[startsAt >> 2] = 0;
  const seed = randomBytes(8);

  function word(pointer: number, index: number): number {
    return memory.words[(pointer >> 2) + index] ?? 0;
  }

  function moved(pointer: number, used: number, size: number): number {
    const place = blocks.allocate(size);
    memory.bytes.copyWithin(place, pointer, pointer + used);
    blocks.free(pointer);
    return place;
  }

  function tell(): void {
    kernel.setNames(slotsAt, slots, hashesAt, startsAt, poolAt, bytes, counts);
  }

  kernel.seedNames(seed.readInt32LE(0), seed.readInt32LE(4));
  tell();
  return {
    grow() {
      const names = word(counts, 0);
      const used = word(counts, 1);
      const wanted = word(counts, 2) >>> 0;
      if (used + wanted > MAX_BYTES) throw new ObjectError('limit', 'the names of files are too long to be kept');
      if (used + wanted > bytes) {
        bytes = Math.max(bytes * 2, used + wanted);
        poolAt = moved(poolAt, used, bytes);
      }
      if ((names + 1) * 2 > slots - 1) {
        slots *= 2;
        blocks.free(slotsAt);
        slotsAt = blocks.allocate(slots * 4);
        hashesAt = moved(hashesAt, names * 4, slots * 2 + 4);
        startsAt = moved(startsAt, (names + 1) * 4, slots * 2 + 4);
      }
      tell();
    },
    share() {
      const count = word(counts, 0);
      const nameStarts = new Int32Array(new SharedArrayBuffer((count + 1) * 4));
      nameStarts.set(memory.words.subarray(startsAt >> 2, (startsAt >> 2) + count + 1));
      const names = new Uint8Array(new SharedArrayBuffer(word(counts, 1)));
      names.set(memory.bytes.subarray(poolAt, poolAt + names.length));
      return { names, nameStarts };
    },
  };
}
