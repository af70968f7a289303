/** Walks commits by reading them, past those that are missing or corrupt. */
import { append } from '../../bytes/append.ts';
import type { ObjectType } from './batch-parser.ts';
import { type CommitGraph, createGraphBuilder } from './commit-graph.ts';
import { parseCommitLinks } from './commit-text.ts';
import type { AccessContext } from './history-access.ts';
import { fromHex, type HashName } from './oid.ts';

export interface CommitReader {
  readonly hash: HashName;
  /** Commits at which a shallow clone ends: their parents are not there and not missed. */
  readonly shallow?: ReadonlySet<string>;
  read(
    ids: readonly string[],
    onObject: (oid: string, type: ObjectType, bytes: Uint8Array) => void,
    ctx: AccessContext,
  ): Promise<void>;
}

export interface Walked {
  readonly graph: CommitGraph;
  /** Commits that lost a parent, since it cannot be read: they stand in the graph without it. */
  readonly cut: readonly string[];
}

export async function walkCommits(
  reader: CommitReader,
  tips: readonly string[],
  exclude: readonly string[],
  ctx: AccessContext,
): Promise<Walked> {
  const left = await reach(reader, exclude, new Set(), ctx);
  const builder = createGraphBuilder(reader.hash);
  const links = new Map<string, { readonly date: number; readonly parents: readonly string[] }>();
  await reach(reader, tips, left, ctx, (oid, date, parents) => links.set(oid, { date, parents }));
  const cut: string[] = [];
  for (const [oid, { date, parents }] of links) {
    const sound = parents.filter((parent) => links.has(parent) || left.has(parent));
    if (sound.length < parents.length) cut.push(oid);
    builder.add(
      builder.table.add(fromHex(oid)),
      date,
      sound.map((parent) => builder.table.add(fromHex(parent))),
    );
  }
  return { graph: builder.finish(), cut };
}

/** Everything that `tips` reach without passing `stop`, level by level. */
async function reach(
  reader: CommitReader,
  tips: readonly string[],
  stop: ReadonlySet<string>,
  ctx: AccessContext,
  onCommit?: (oid: string, date: number, parents: readonly string[]) => void,
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  let ask = tips.filter((tip) => !stop.has(tip));
  while (ask.length > 0) {
    const next: string[] = [];
    const answered = new Set<string>();
    for (const oid of ask) seen.add(oid);
    await reader.read(
      ask,
      (oid, type, bytes) => {
        if (type !== 'commit') return;
        answered.add(oid);
        const { date, parents: named } = parseCommitLinks(bytes, reader.hash);
        const parents = reader.shallow?.has(oid) === true ? [] : named;
        onCommit?.(oid, date, parents);
        append(next, parents);
      },
      ctx,
    );
    for (const oid of ask)
      if (!answered.has(oid) && onCommit !== undefined)
        ctx.notScanned({
          state: 'failed',
          reason: 'corrupt',
          where: `git:${oid}`,
          detail: 'the commit cannot be read; what leads to it alone is called unreachable',
        });
    ask = [...new Set(next)].filter((oid) => !seen.has(oid) && !stop.has(oid));
  }
  return seen;
}
