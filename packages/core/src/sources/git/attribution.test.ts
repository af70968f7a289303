/**
 * Attribution against an oracle that looks at every tree of every commit, on random histories; and the reader without
 * git against the one with it.
 */
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { fakeHits, fakeScan, type FakeScan } from '../../../../../test/support/fake-engine.ts';
import { blobsOf, buildHistory, randomHistory, type BuiltHistory } from '../../../../../test/support/random-history.ts';
import { gitEnvironment, makeTempDir, openRepo } from '../../../../../test/support/repo.ts';
import { detect } from './detect.ts';
import { createHistorySource, createNoGitSource } from './history-source.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeAll(() => {
  dir = makeTempDir('attribution');
});
afterAll(() => dir.remove());

interface OracleCommit {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly date: number;
  /** Blob by path. */
  readonly tree: ReadonlyMap<string, string>;
}

function run(path: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: path, env: gitEnvironment(), maxBuffer: 1 << 28 }).toString('latin1');
}

/** Every commit that a ref reaches, parents first: the oldest date, then the smallest id, of those that are free to come. */
function readCommits(path: string): readonly OracleCommit[] {
  const rows = run(path, 'log', '--all', '--format=%H %ct %P')
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  const waiting = rows.map((row): OracleCommit => {
    const [oid = '', date = '', ...parents] = row.split(' ');
    const tree = blobsOf(openRepo(path), oid);
    return { oid, parents: parents.filter((parent) => parent !== ''), date: Number(date), tree };
  });
  const order: OracleCommit[] = [];
  while (waiting.length > 0) {
    const done = new Set(order.map(({ oid }) => oid));
    const free = waiting.filter(({ parents }) => parents.every((parent) => done.has(parent)));
    free.sort((a, b) => a.date - b.date || (a.oid < b.oid ? -1 : 1));
    const next = free[0];
    if (next === undefined) throw new Error('a cycle');
    order.push(next);
    waiting.splice(waiting.indexOf(next), 1);
  }
  return order;
}

/** Straight from the definition: per credential and path, the connected pieces of the commits that hold it. */
function oracle(built: BuiltHistory): readonly string[] {
  const { path } = built.repo;
  const commits = readCommits(path);
  const contents = new Map<string, ReadonlySet<string>>();
  for (const { tree } of commits) {
    for (const blob of tree.values()) {
      if (!contents.has(blob))
        contents.set(
          blob,
          new Set(
            fakeHits(Buffer.from(run(path, 'cat-file', 'blob', blob), 'latin1')).map(({ credential }) => credential),
          ),
        );
    }
  }
  const byOid = new Map(commits.map((commit) => [commit.oid, commit]));
  const position = new Map(commits.map((commit, at) => [commit.oid, at]));
  const branches = run(path, 'for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/heads')
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]);
  const head = run(path, 'rev-parse', 'HEAD').trim();
  const lines: string[] = [];
  const keys = new Set(
    commits.flatMap(({ tree }) =>
      [...tree].flatMap(([name, blob]) =>
        [...(contents.get(blob) ?? [])].map((credential) => JSON.stringify([credential, name])),
      ),
    ),
  );
  for (const key of keys) {
    const [credential = '', name = ''] = JSON.parse(key) as string[];
    const holds = (oid: string): boolean =>
      contents.get(byOid.get(oid)?.tree.get(name) ?? '')?.has(credential) === true;
    const open = new Set(commits.map(({ oid }) => oid).filter(holds));
    while (open.size > 0) {
      const piece = new Set<string>();
      const next = [...open].slice(0, 1);
      for (let oid = next.pop(); oid !== undefined; oid = next.pop()) {
        if (!open.delete(oid)) continue;
        piece.add(oid);
        next.push(...(byOid.get(oid)?.parents ?? []).filter((parent) => open.has(parent)));
        next.push(
          ...commits
            .filter(({ parents }) => parents.includes(oid ?? ''))
            .map((child) => child.oid)
            .filter((child) => open.has(child)),
        );
      }
      const members = commits.filter(({ oid }) => piece.has(oid));
      const first = members.find(({ parents }) => !parents.some(holds));
      const last = members.findLast(({ tree, parents }) =>
        parents.every((parent) => byOid.get(parent)?.tree.get(name) !== tree.get(name)),
      );
      const removed = commits.findLast(
        ({ oid, parents }) =>
          !holds(oid) && parents.length > 0 && parents.every(holds) && parents.some((parent) => piece.has(parent)),
      );
      const there = branches
        .filter(([, tip]) => piece.has(tip))
        .map(([branch]) => branch)
        .sort();
      const isPresent = there.length > 0 || piece.has(head);
      lines.push(
        line(
          credential,
          Buffer.from(name, 'latin1').toString(),
          first?.oid,
          last?.oid,
          isPresent ? undefined : removed?.oid,
          piece.has(head),
          there,
        ),
      );
      expect(position.get(first?.oid ?? '')).toBe(Math.min(...members.map(({ oid }) => position.get(oid) ?? 0)));
    }
  }
  return lines.sort();
}

function line(
  credential: string,
  path: string,
  first: string | undefined,
  last: string | undefined,
  removed: string | undefined,
  inHead: boolean,
  branches: readonly string[],
): string {
  return JSON.stringify({ credential, path, first, last: last ?? first, removed, inHead, branches });
}

function told(result: FakeScan): readonly string[] {
  const lines = result.located.flatMap(({ hit, sighting: s }) =>
    s.kind === 'git'
      ? [line(hit.credential, s.path, s.commit, s.last?.commit ?? s.commit, s.removed?.commit, s.inHead, s.branches)]
      : [],
  );
  return lines.sort();
}

async function scanBoth(path: string): Promise<readonly [FakeScan, FakeScan]> {
  const repository = await detect(path);
  if (repository.kind !== 'repository') throw new Error('no repository');
  const results: FakeScan[] = [];
  for (const source of [
    createHistorySource({ repository }, testAmbient()),
    createNoGitSource({ repository }, testAmbient()),
  ]) {
    results.push(await fakeScan(source));
    await source.close();
  }
  return results as [FakeScan, FakeScan];
}

it('is what the definition says, with git and without it', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(randomHistory, fc.boolean(), async (history, pack) => {
      const built = buildHistory(dir.path, history);
      if (pack) built.repo.git('repack', '-adfq');
      const [git, own] = await scanBoth(built.repo.path);
      expect(told(git)).toEqual(oracle(built));
      expect(own.located).toEqual(git.located);
      expect([...own.texts.keys()].sort()).toEqual([...git.texts.keys()].sort());
      for (const [id, bytes] of git.texts) expect(own.texts.get(id)?.equals(bytes)).toBe(true);
      expect(own.notScanned).toEqual(git.notScanned);
    }),
    { numRuns: 20, seed: 20260101 },
  );
});
