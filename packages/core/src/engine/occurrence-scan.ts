/** The kernel's scan of one text, with buffers that grow to what texts need. One for each depth of decoding. */
import { linearMemory } from '../bytes/linear-memory.ts';
import { ANCHOR, BAD_RUNS, CANDIDATE_WORDS, engineKernel, HOT, NO_ROOM, OCCURRENCE_BYTES } from './kernel.ts';

/** A text in linear memory. */
export interface Placed {
  readonly pointer: number;
  readonly length: number;
}

/** What a text takes over: the base's occurrences and length, and the copied runs; places in linear memory. */
export interface Base {
  readonly occurrences: number;
  readonly count: number;
  readonly length: number;
  readonly runs: number;
  readonly runCount: number;
}

const FIRST_CAPACITY = 4096;
const FIRST_CANDIDATES = 1024;

export class OccurrenceScan {
  #capacity = 0;
  #out = 0;
  #spare = 0;
  #candidateCapacity = 0;
  #candidates = 0;
  /** Occurrences of the text that was scanned last. */
  count = 0;
  /** What there is to do about them. */
  candidates = 0;

  /**
   * `false` when the runs cannot be those of this text and base.
   * @throws OutOfMemory
   */
  scan(text: Placed, base: Base | undefined, isTraced: boolean): boolean {
    const kernel = engineKernel();
    for (;;) {
      if (this.#capacity === 0) this.#grow(FIRST_CAPACITY, FIRST_CANDIDATES);
      const count = kernel.scan(
        text.pointer,
        text.length,
        base?.occurrences ?? 0,
        base?.count ?? 0,
        base?.length ?? 0,
        base?.runs ?? 0,
        base?.runCount ?? 0,
        this.#out,
        this.#spare,
        this.#capacity,
        this.#candidates,
        this.#candidateCapacity,
        isTraced ? 1 : 0,
      );
      if (count === BAD_RUNS) return false;
      if (count !== NO_ROOM) {
        this.count = count;
        this.candidates = kernel.candidateCount();
        return true;
      }
      this.#grow(
        larger(this.#capacity, kernel.occurrenceCount()),
        larger(this.#candidateCapacity, kernel.candidateCount()),
      );
    }
  }

  #grow(capacity: number, candidateCapacity: number): void {
    const memory = linearMemory();
    if (this.#capacity > 0) {
      memory.free(this.#out, this.#capacity * OCCURRENCE_BYTES);
      memory.free(this.#spare, this.#capacity * OCCURRENCE_BYTES);
      memory.free(this.#candidates, this.#candidateCapacity * CANDIDATE_WORDS * 4);
    }
    // Should there not be so much, the next text begins small.
    this.#capacity = 0;
    this.#out = memory.allocate(capacity * OCCURRENCE_BYTES);
    this.#spare = memory.allocate(capacity * OCCURRENCE_BYTES);
    this.#candidates = memory.allocate(candidateCapacity * CANDIDATE_WORDS * 4);
    this.#capacity = capacity;
    this.#candidateCapacity = candidateCapacity;
  }

  /** Word of a candidate: 0 its occurrence, 1 where the keyword stands, 2 entry and what to do, 3 shift. */
  candidate(index: number, word: number): number {
    return linearMemory().words[(this.#candidates >> 2) + index * CANDIDATE_WORDS + word] as number;
  }

  position(index: number): number {
    return linearMemory().words[(this.#out >> 2) + index * 2] as number;
  }

  anchor(index: number): number {
    return (linearMemory().words[(this.#out >> 2) + index * 2 + 1] as number) & ANCHOR;
  }

  /** Marks an occurrence as one that has a result, so that texts that derive from this one ask for it. */
  markHot(index: number): void {
    const { words } = linearMemory();
    const at = (this.#out >> 2) + index * 2 + 1;
    words[at] = (words[at] as number) | HOT;
  }

  /** A copy of the occurrences in a block of their own. */
  keep(): number {
    const memory = linearMemory();
    const size = this.count * OCCURRENCE_BYTES;
    const pointer = memory.allocate(size);
    memory.bytes.copyWithin(pointer, this.#out, this.#out + size);
    return pointer;
  }
}

/** Twice as much where it did not suffice, or what is needed if that is more. */
function larger(capacity: number, needed: number): number {
  return needed <= capacity ? capacity : Math.max(2 * capacity, needed);
}
