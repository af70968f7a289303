/** When the scanning has to end, for those whom somebody waits for. */

export interface Deadline {
  /** Aborts when the time is over, as soon as anybody can hear it. */
  readonly signal: AbortSignal;
  /** The same for code that lets nobody be heard. */
  readonly isOver: () => boolean;
}

/** `elapsed`: milliseconds since some moment; the time is over `budget` milliseconds after it. */
export function createDeadline(elapsed: () => number, budget: number): Deadline {
  return {
    signal: AbortSignal.timeout(Math.max(0, Math.round(budget - elapsed()))),
    isOver: () => elapsed() >= budget,
  };
}
