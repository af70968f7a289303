/** A source that stands for another one. */
import type { Source } from '../types/index.ts';

/**
 * What `changes` leave out goes to the source itself, whichever that is when it is asked: it may be opened late, and is
 * nothing until then. Nothing of the contract can be forgotten here, as it can where it is written out by hand.
 */
export function wrapSource(current: () => Source | undefined, changes: Partial<Source>): Source {
  const passing: Required<Source> = {
    async plan(ctx) {
      const source = current();
      return source === undefined ? { jobs: [], describes: '', facts: {} } : await source.plan(ctx);
    },
    heard: (reader, news) => current()?.heard?.(reader, news),
    done: (job) => current()?.done?.(job),
    unread: (jobs, ctx) => current()?.unread?.(jobs, ctx),
    attribute: async (hits, ctx) => (await current()?.attribute(hits, ctx)) ?? [],
    close: async () => current()?.close(),
  };
  return { ...passing, ...changes };
}

/** The same source, with more to be closed behind it. */
export function closingToo(source: Source, close: () => Promise<void>): Source {
  return wrapSource(() => source, {
    async close() {
      try {
        await source.close();
      } finally {
        await close();
      }
    },
  });
}
