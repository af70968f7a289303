/** What a push sends: the commits and annotated tags that lead to what is pushed and that the remote does not have. */
import { join } from 'node:path';
import type { SourceContext } from '../../types/index.ts';
import { textOf } from '../look.ts';
import { pathText } from '../path-text.ts';
import type { CommitGraph } from './commit-graph.ts';
import { parseGitConfig } from './config-file.ts';
import type { Repository } from './detect.ts';
import type { OpenDoor } from './door.ts';
import type { HistoryAccess } from './history-access.ts';
import { isOid } from './oid.ts';
import { resolveNames } from './place.ts';
import type { Ref } from './ref-files.ts';
import { peelByGit, readRefs, resolveTips, type Tips } from './refs.ts';

export interface PushedCommits {
  /** Names here, and what they stand for: ids, or anything that git takes for one. Commits or annotated tags. */
  readonly heads: readonly { readonly name: string; readonly rev: string }[];
  /** Ids, or anything that git takes for one, that the remote has; those that are not here are passed over, with a notice. */
  readonly has: readonly string[];
  /** Its name, or the address that is pushed to: its remote-tracking branches tell what else it has. */
  readonly remote: string;
}

export interface PushedRange {
  readonly graph: CommitGraph;
  /** `head` is where HEAD is, `branches` are those that are pushed. */
  readonly tips: Tips;
}

/** @throws GitError */
export async function readPushed(
  { heads, has, remote }: PushedCommits,
  repository: Repository,
  { door, dir }: OpenDoor,
  access: HistoryAccess,
  ctx: SourceContext,
): Promise<PushedRange> {
  const refs = await readRefs(door, dir, ctx.signal);
  const tracked = trackingPrefixes(repository, remote);
  const known = refs.refs.filter(({ name }) => tracked.some((prefix) => name.startsWith(prefix)));
  const named = await resolveNames(door, [...heads.map(({ rev }) => rev), ...has], ctx.signal);
  const sent = heads.map(({ name, rev }, index) => ({ name, oid: named[index]?.oid ?? rev }));
  const old = has.map((rev, index) => named[heads.length + index]?.oid ?? rev);
  const ids = [...sent, ...known].map(({ oid }) => oid).concat(old, refs.head.oid ?? []);
  const peeled = await peelByGit(door, [...new Set(ids)].filter((oid) => isOid(oid, door.hash)).sort(), ctx.signal);
  const ofRefs = (list: readonly { name: string; oid: string }[]): Promise<Tips> =>
    resolveTips([...new Set(list.map(({ oid }) => oid))].sort(), list, refs.head, (asked) =>
      peelByGit(door, asked, ctx.signal),
    );

  for (const { name, oid } of sent) {
    const type = peeled.get(oid)?.type;
    if (type === undefined)
      ctx.notScanned({ state: 'failed', reason: 'not-found', where: shown(name), detail: `${oid} is not here` });
    else if (type !== 'commit' && type !== 'tag')
      ctx.notScanned({ state: 'excluded', reason: 'special-file', where: shown(name), detail: `it names a ${type}` });
  }
  const unknown = old.filter((oid) => !peeled.has(oid));
  if (unknown.length > 0)
    ctx.log(
      'warn',
      `the remote has commits that are not here (git fetch brings them), so more may be scanned than is new`,
      {
        commits: unknown.length,
      },
    );
  if (tracked.length === 0 && old.length === unknown.length)
    ctx.log('info', 'nothing is known of what the remote has: the whole history of what is pushed is scanned');

  const tips = await ofRefs(sent.filter(({ oid }) => peeled.has(oid)));
  const there = await ofRefs([...known, ...old.map((oid) => ({ name: '', oid }))].filter(({ oid }) => peeled.has(oid)));
  const oldTags = new Set(there.tags);
  const graph = await access.graph(tips.commits, there.commits, ctx);
  const head = refs.head.oid !== undefined && peeled.get(refs.head.oid)?.type === 'commit' ? refs.head.oid : undefined;
  return {
    graph,
    tips: { ...tips, head, branches: branchesOf(sent, tips), tags: tips.tags.filter((tag) => !oldTags.has(tag)) },
  };
}

/** Whatever is pushed counts as a branch: `HEAD~1:refs/heads/x` has no name of its own. */
function branchesOf(sent: readonly Ref[], tips: Tips): Tips['branches'] {
  const named = new Set(tips.branches.map(({ commit }) => commit));
  const others = tips.commits.filter((commit) => !named.has(commit));
  const nameOf = (commit: string): string => shown(sent.find(({ oid }) => oid === commit)?.name ?? 'what is pushed');
  return [...tips.branches, ...others.map((commit) => ({ name: nameOf(commit), commit }))].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  );
}

function shown(name: string): string {
  return pathText(Buffer.from(name));
}

/** Where the branches of a remote are kept; of an address, those of each remote that has it. */
function trackingPrefixes(repository: Repository, remote: string): readonly string[] {
  const config = parseGitConfig(textOf(join(repository.commonDir, 'config')) ?? '');
  const names = new Set<string>();
  for (const [key, value] of config) {
    const end = key.endsWith('.url') ? '.url' : '.pushurl';
    if (!key.startsWith('remote.') || !key.endsWith(end)) continue;
    const name = key.slice('remote.'.length, -end.length);
    if (name !== '' && (name === remote || value === remote)) names.add(name);
  }
  return [...names].map((name) => `refs/remotes/${name}/`);
}
