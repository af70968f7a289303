/** Runs jobs that read trees, and gives what they read in the order of the jobs, whoever is done first. */
import type { JobNews } from '../../../types/index.ts';
import type { AccessContext } from '../history-access.ts';
import { ObjectError } from '../pack/object-error.ts';
import { readTreeJob, type TreeJob, type TreeNews } from './tree-job.ts';
import type { TreeShare } from './tree-share.ts';

/** The share of a job that is lost with its worker, which is reported, is missing. @throws ObjectError `limit` */
export async function runTreeJobs(jobs: readonly TreeJob[], ctx: AccessContext): Promise<readonly TreeShare[]> {
  const shares = new Map<number, TreeShare>();
  let limit: string | undefined;
  const take = (what: unknown): void => {
    // Source and reader are written together.
    const { number, share } = what as TreeNews;
    if (share.limit !== undefined) limit = share.limit;
    shares.set(number, share);
  };
  if (ctx.run === undefined) {
    const sink = { text: () => undefined, notScanned: () => undefined, progress: () => undefined, tell: take };
    for (const job of jobs) await readTreeJob(job, sink, ctx);
  } else {
    await ctx.run(jobs, (news: JobNews) => {
      if (news.type === 'told') take(news.what);
      else if (news.type === 'lost') for (const event of news.notScanned) ctx.notScanned(event);
    });
    ctx.signal.throwIfAborted();
  }
  if (limit !== undefined) throw new ObjectError('limit', limit);
  return jobs.flatMap(({ number }) => shares.get(number) ?? []);
}
