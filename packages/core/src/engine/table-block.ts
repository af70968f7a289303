/** A block of linear memory that tables are laid down in, one behind the other. */
import { linearMemory } from '../bytes/linear-memory.ts';

/** One block of linear memory that is filled from its start. */
export function createBlock(size: number): {
  take(bytes: number): number;
  put(bytes: Uint8Array): number;
  /** The same for one that several entries have: it is laid down once. */
  shared(bytes: Uint8Array): number;
  /** Sets a bit of those that begin at a place. */
  bit(at: number, number: number): void;
  word(at: number, value: number): void;
  words(at: number, values: readonly number[]): void;
  wordAt(at: number): number;
} {
  const memory = linearMemory();
  const start = memory.allocate(size);
  const { bytes, words } = memory;
  bytes.fill(0, start, start + size);
  const known = new Map<Uint8Array, number>();
  let end = start;

  function take(count: number): number {
    const at = end;
    end = (end + count + 15) & ~15;
    if (end > start + size) throw new RangeError('the tables are larger than was reckoned');
    return at;
  }
  function put(content: Uint8Array): number {
    const at = take(content.length);
    bytes.set(content, at);
    return at;
  }
  return {
    take,
    put,
    shared(content) {
      const at = known.get(content) ?? put(content);
      known.set(content, at);
      return at;
    },
    bit(at, number) {
      const place = at + (number >>> 3);
      bytes[place] = (bytes[place] ?? 0) | (1 << (number & 7));
    },
    word(at, value) {
      words[at >> 2] = value;
    },
    words(at, values) {
      words.set(values, at >> 2);
    },
    wordAt: (at) => words[at >> 2] ?? 0,
  };
}
