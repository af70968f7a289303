/** Lets timers, signals and messages through, now and then, for a reader that does not wait for anything by itself. */
export interface Breath {
  /** Resolves at once unless so much was spent since the last time, or nothing yet. */
  take(): Promise<void>;
  /** Bytes of work. */
  spend(bytes: number): void;
}

/** What a small text costs besides its bytes. */
const LEAST = 4096;

export function createBreath(every: number): Breath {
  let spent = every;
  return {
    async take() {
      if (spent < every) return;
      spent = 0;
      await new Promise<void>((resolve) => void setImmediate(resolve));
    },
    spend(bytes) {
      spent += Math.max(bytes, LEAST);
    },
  };
}
