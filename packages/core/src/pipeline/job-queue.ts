/** Jobs that workers take one by one, while more of them may still be on their way. */
import type { Job } from '../types/index.ts';

export interface NumberedJob {
  readonly number: number;
  readonly job: Job;
}

export class JobQueue {
  readonly #jobs: Job[];
  readonly #listeners = new Set<() => void>();
  #next = 0;
  #isComplete = false;

  constructor(jobs: readonly Job[]) {
    this.#jobs = [...jobs];
  }

  /** No job is left, and none will come. */
  get isOver(): boolean {
    return this.#isComplete && this.#jobs.length === 0;
  }

  /** `undefined` when there is none now. */
  take(): NumberedJob | undefined {
    const job = this.#jobs.shift();
    return job === undefined ? undefined : { number: this.#next++, job };
  }

  add(job: Job): void {
    this.#jobs.push(job);
    this.#changed();
  }

  complete(): void {
    this.#isComplete = true;
    this.#changed();
  }

  /** Calls `listener` after each change, until what is returned is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
