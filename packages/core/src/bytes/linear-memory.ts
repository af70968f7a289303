/**
 * This thread's WebAssembly memory. Sources put texts together in it, and the engine scans them where they lie; what lies
 * elsewhere is copied in. Blocks have sizes of powers of two and are used again, so memory grows to what was needed at
 * one time and not further.
 */

import type { WebAssemblyMemory } from './webassembly.d.ts';

export interface LinearMemory {
  readonly memory: WebAssemblyMemory;
  /** The whole memory. Another array after it has grown: ask again after every `allocate`. */
  readonly bytes: Uint8Array;
  /** The same as 32-bit words. */
  readonly words: Int32Array;
  /**
   * A block of at least `size` bytes at a multiple of 16, with undefined contents.
   * @throws OutOfMemory when the memory would pass MAX_MEMORY, or the machine has no more
   */
  allocate(size: number): number;
  /** `size` as it was given to allocate. */
  free(pointer: number, size: number): void;
}

/** One text, or what is found in it, is more than fits: nothing is wrong with the others. */
export class OutOfMemory extends RangeError {
  readonly code = 'OUT_OF_MEMORY';
  constructor(message: string) {
    super(message);
    this.name = 'OutOfMemory';
  }
}

const PAGE = 65536;
/** Pointers stay positive in 32 bits. */
const MAX_MEMORY: number = 2 ** 31 - PAGE;
/** What lies below belongs to the modules' own tables (tools/build/compile-assembly.ts). */
export const FIRST_BLOCK: number = 128 * 1024;
const SMALLEST_CLASS = 6;

let ofThisThread: LinearMemory | undefined;

export function linearMemory(): LinearMemory {
  return (ofThisThread ??= createLinearMemory());
}

function createLinearMemory(): LinearMemory {
  const memory = new WebAssembly.Memory({ initial: 32, maximum: MAX_MEMORY / PAGE });
  let bytes = new Uint8Array(memory.buffer);
  let words = new Int32Array(memory.buffer);
  let end = FIRST_BLOCK;
  const free: number[][] = Array.from({ length: 32 }, () => []);

  /** False where the system gives no more. */
  function grow(size: number): boolean {
    try {
      memory.grow(Math.ceil((size - bytes.length) / PAGE));
      return true;
    } catch {
      return false;
    }
  }

  function reserve(upTo: number): void {
    if (upTo <= bytes.length) return;
    if (upTo > MAX_MEMORY) throw new OutOfMemory(`more than ${MAX_MEMORY} bytes of texts and tables at a time`);
    // Growing is dear: by a quarter at least.
    const wanted = Math.min(MAX_MEMORY, Math.max(upTo, bytes.length + (bytes.length >> 2)));
    if (!grow(wanted) && !grow(upTo)) throw new OutOfMemory(`no memory for ${upTo} bytes of texts and tables`);
    bytes = new Uint8Array(memory.buffer);
    words = new Int32Array(memory.buffer);
  }

  return {
    memory,
    get bytes() {
      return bytes;
    },
    get words() {
      return words;
    },
    allocate(size) {
      const sizeClass = classOf(size);
      const used = free[sizeClass]?.pop();
      if (used !== undefined) return used;
      const length = 2 ** sizeClass;
      reserve(end + length);
      const pointer = end;
      end += length;
      return pointer;
    },
    free(pointer, size) {
      free[classOf(size)]?.push(pointer);
    },
  };
}

function classOf(size: number): number {
  if (!(size >= 0 && size <= MAX_MEMORY)) throw new RangeError(`a block of ${size} bytes`);
  return size <= 2 ** SMALLEST_CLASS ? SMALLEST_CLASS : 32 - Math.clz32(size - 1);
}

/**
 * The exports of an instance of a compiled module (tools/build/compile-assembly.ts) on this thread's memory. `calls`: what
 * the module calls, by the file in which it is declared.
 */
export function instantiate(
  base64: string,
  calls: Readonly<Record<string, Readonly<Record<string, () => void>>>> = {},
): unknown {
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory: linearMemory().memory }, ...calls }).exports;
}
