/** Runs jobs that read trees, and hands on what they read in the order of the jobs, whoever is done first. */
import type { JobNews } from '../../../types/index.ts';
import type { AccessContext } from '../history-access.ts';
import { ObjectError } from '../pack/object-error.ts';
import { readTreeJob, type TreeJob, type TreeNews } from './tree-job.ts';
import type { TreeShare } from './tree-share.ts';

/**
 * `take` gets a share as soon as all before it have come, while others are still being read. That of a job that is lost with
 * its worker, which is reported, is missing. @throws ObjectError `limit`, and whatever `take` throws
 */
export async function runTreeJobs(
  jobs: readonly TreeJob[],
  ctx: AccessContext,
  take: (share: TreeShare) => void,
): Promise<void> {
  const waiting = new Map<number, TreeShare>();
  let next = 0;
  let failure: Error | undefined;

  function takeNext(): void {
    const share = waiting.get(next);
    waiting.delete(next);
    next += 1;
    if (share === undefined || failure !== undefined) return;
    try {
      if (share.limit !== undefined) throw new ObjectError('limit', share.limit);
      take(share);
    } catch (error) {
      // Whoever tells of shares has nothing to do with it.
      failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  const hear = (what: unknown): void => {
    // Source and reader are written together.
    const { number, share } = what as TreeNews;
    waiting.set(number, share);
    while (waiting.has(next)) takeNext();
  };
  if (ctx.run === undefined) {
    const sink = { text: () => undefined, notScanned: () => undefined, progress: () => undefined, tell: hear };
    for (const job of jobs) await readTreeJob(job, sink, ctx);
  } else {
    await ctx.run(jobs, (news: JobNews) => {
      if (news.type === 'told') hear(news.what);
      else if (news.type === 'lost') for (const event of news.notScanned) ctx.notScanned(event);
    });
    ctx.signal.throwIfAborted();
  }
  while (waiting.size > 0) takeNext();
  if (failure !== undefined) throw failure;
}
