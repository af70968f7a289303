/** Runs jobs that read trees, and gives what they read in the order of the jobs, whoever is done first. */
import type { JobNews } from '../../../types/index.ts';
import type { AccessContext } from '../history-access.ts';
import { readTreeJob, type TreeJob, type TreeNews } from './tree-job.ts';
import type { TreeShare } from './tree-share.ts';

/** The share of a job that is lost with its worker, which is reported, is missing. */
export async function runTreeJobs(jobs: readonly TreeJob[], ctx: AccessContext): Promise<readonly TreeShare[]> {
  const shares = new Map<number, TreeShare>();
  const take = (what: unknown): void => {
    // Source and reader are written together.
    const { number, share } = what as TreeNews;
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
  return jobs.flatMap(({ number }) => shares.get(number) ?? []);
}
