/** Numbers of 32 bits, one behind the other, of which nobody knows how many there will be. */
import { ObjectError } from '../pack/object-error.ts';

/** 1 GiB of them. */
const MOST = 2 ** 28;

export interface GrowingWords {
  readonly length: number;
  push(word: number): void;
  /** @throws ObjectError `limit` */
  append(words: Int32Array): void;
  /** What there is, on shared memory. */
  share(): Int32Array;
}

export function createGrowingWords(): GrowingWords {
  let words = new Int32Array(1 << 10);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= words.length) return;
    if (length + more > MOST) throw new ObjectError('limit', 'what the directories hold is too much to be kept');
    const larger = new Int32Array(Math.max(words.length * 2, length + more));
    larger.set(words.subarray(0, length));
    words = larger;
  }

  return {
    get length() {
      return length;
    },
    push(word) {
      if (length === words.length) reserve(1);
      words[length] = word;
      length += 1;
    },
    append(more) {
      reserve(more.length);
      words.set(more, length);
      length += more.length;
    },
    share() {
      const shared = new Int32Array(new SharedArrayBuffer(length * 4));
      shared.set(words.subarray(0, length));
      return shared;
    },
  };
}
