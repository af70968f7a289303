import { append } from '../bytes/append.ts';
import type { Job, Located, NotScanned, Plan, Source } from '../types/index.ts';
import { wrapSource } from './wrap-source.ts';

/**
 * Several sources as one, such as a repository's history and its uncommitted state. Their texts must have different
 * ids; each source attributes those that it knows and passes over the others.
 */
export function createCompositeSource(sources: readonly Source[]): Source {
  return {
    async plan(ctx): Promise<Plan> {
      const plans: Plan[] = [];
      for (const source of sources) plans.push(await source.plan(ctx));
      return {
        jobs: plans.flatMap((plan) => plan.jobs),
        later: plans.some((plan) => plan.later !== undefined) ? laterOf(plans) : undefined,
        describes: plans.map((plan) => plan.describes).join(' and '),
        get facts() {
          return Object.assign({}, ...plans.map((plan) => plan.facts)) as Plan['facts'];
        },
        known: {
          texts: plans.reduce((sum, { known }) => sum + (known?.texts ?? 0), 0),
          bytes: plans.reduce((sum, { known }) => sum + (known?.bytes ?? 0), 0),
          reports: plans.flatMap(({ known }) => known?.reports ?? []),
        },
        // Only the history of a repository is remembered, so there is one at most.
        changed: plans.find((plan) => plan.changed !== undefined)?.changed,
      };
    },
    heard(reader, news) {
      for (const source of sources) source.heard?.(reader, news);
    },
    done(job) {
      for (const source of sources) source.done?.(job);
    },
    unread(jobs, ctx) {
      for (const source of sources) source.unread?.(jobs, ctx);
    },
    async attribute(hits, ctx): Promise<readonly Located[]> {
      const located: Located[] = [];
      for (const source of sources) append(located, await source.attribute(hits, ctx));
      return located;
    },
    async close(): Promise<void> {
      for (const source of sources) await source.close();
    },
  };
}

async function* laterOf(plans: readonly Plan[]): AsyncGenerator<Job, void> {
  for (const { later } of plans) if (later !== undefined) yield* later;
}

/** A source that is made, and its modules loaded, when it is asked for a plan. */
export function createLateSource(open: () => Promise<Source>): Source {
  let source: Source | undefined;
  return wrapSource(() => source, {
    async plan(ctx) {
      source = await open();
      return source.plan(ctx);
    },
  });
}

/** A source of nothing but the reason why nothing can be scanned, so that the other targets still are. */
export function createFailedSource(event: NotScanned & { readonly state: 'failed' }): Source {
  return {
    plan(ctx): Promise<Plan> {
      ctx.notScanned(event);
      return Promise.resolve({ jobs: [], describes: event.where, facts: {} });
    },
    attribute: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}
