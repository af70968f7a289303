/** Ctrl-C: the first one ends the scan, which then reports what it has; the second one ends the process. */
import { removeTemporaryNow } from '@unleak/core';
import type { Io } from './io.ts';
import type { Messages } from './terminal/messages.ts';

const INTERRUPTED = 130;

/** `seconds`: after so many, the same happens as after the first Ctrl-C. */
export async function interruptible<T>(
  io: Io,
  messages: Messages,
  seconds: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const release = io.onSignal(() => {
    if (abort.signal.aborted) {
      removeTemporaryNow();
      io.exitNow(INTERRUPTED);
      return;
    }
    messages.tell('interrupted: what was found so far is reported (again to stop at once)');
    abort.abort();
  });
  const timer =
    seconds === undefined
      ? undefined
      : setTimeout(() => {
          messages.tell(`stopped after ${seconds} seconds: what was found so far is reported`);
          abort.abort();
        }, seconds * 1000);
  try {
    return await work(abort.signal);
  } finally {
    clearTimeout(timer);
    release();
  }
}
