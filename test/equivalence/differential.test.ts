/**
 * The scan of a history against two readings that know nothing of it: every object on its own as git prints it, and the
 * life of every credential told from the trees of all commits.
 */
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTextScanner, type TextScanner } from '../../packages/core/src/pipeline/text-scanner.ts';
import { createHistorySource, createNoGitSource } from '../../packages/core/src/sources/git/history-source.ts';
import type { Hit, Report } from '../../packages/core/src/types/index.ts';
import { testAmbient } from '../support/ambient.ts';
import {
  type Block,
  buildHidden,
  DISGUISES,
  fileBytes,
  hiddenHistory,
  looksBinary,
  SECRETS,
  SHELLS,
} from '../support/hidden-history.ts';
import { asJson, credentialsOf, realScan, repositoryAt, scanSettings } from '../support/real-scan.ts';
import { gitEnvironment, makeTempDir, type TestRepo } from '../support/repo.ts';
import { plantedLines, type PlantedLine } from '../support/rule-examples.ts';

const REPOSITORIES = 30;

let dir: ReturnType<typeof makeTempDir>;
let secrets: readonly PlantedLine[];
let scanner: TextScanner;
beforeAll(async () => {
  dir = makeTempDir('differential');
  const settings = await scanSettings({ inherit: false });
  secrets = plantedLines(settings.ruleset, 'differential', SECRETS);
  scanner = createTextScanner(settings);
}, 120_000);
afterAll(() => dir.remove());

function run(repo: TestRepo, ...args: string[]): Buffer {
  return execFileSync('git', args, { cwd: repo.path, env: gitEnvironment(), maxBuffer: 1 << 28 });
}

function lines(bytes: Buffer, separator: string): readonly string[] {
  return bytes
    .toString('latin1')
    .split(separator)
    .filter((line) => line !== '');
}

/** Hits by object id: one object after the other, each on its own, as `git cat-file` prints them. */
function scanEachObject(repo: TestRepo): ReadonlyMap<string, readonly Hit[]> {
  const found = new Map<string, readonly Hit[]>();
  const all = run(repo, 'cat-file', '--batch-all-objects', '--batch');
  for (let at = 0; at < all.length;) {
    const end = all.indexOf('\n', at);
    const [oid = '', type = '', size = '0'] = all.toString('latin1', at, end).split(' ');
    const content = all.subarray(end + 1, end + 1 + Number(size));
    at = end + 1 + content.length + 1;
    // Commits and tags are headers, an empty line, and the message.
    const bytes = type === 'blob' ? content : content.subarray(content.indexOf('\n\n') + 2);
    if (type === 'tree' || (type === 'blob' && looksBinary(bytes))) continue;
    const hits = scanner.scan({ id: oid, bytes: Uint8Array.from(bytes) })?.hits ?? [];
    if (hits.length > 0) found.set(oid, hits);
  }
  return found;
}

interface Life {
  readonly credential: string;
  readonly path: string;
  readonly first: string;
  readonly removed: string | undefined;
  readonly inHead: boolean;
}

/**
 * For each credential and path: the stretches of commits, joined by parentage, whose tree holds it there. One begins
 * where no parent holds it, and ends with the last commit that no longer does although every parent did, unless a
 * branch still has it.
 */
function livesOf(repo: TestRepo, hits: ReadonlyMap<string, readonly Hit[]>): readonly Life[] {
  const history = lines(run(repo, 'log', '--all', '--reverse', '--date-order', '--format=%H %P'), '\n').map((line) =>
    line.trim().split(' '),
  );
  const commits = history.map(([oid = '']) => oid);
  const parents = new Map(history.map(([oid = '', ...rest]) => [oid, rest]));
  const head = run(repo, 'rev-parse', 'HEAD').toString().trim();
  const tips = new Set([head, ...lines(run(repo, 'for-each-ref', '--format=%(objectname)', 'refs/heads'), '\n')]);
  /** Commits by credential and path. */
  const holders = new Map<string, Set<string>>();
  for (const oid of commits) {
    for (const entry of lines(run(repo, 'ls-tree', '-r', '-z', '--full-tree', oid), '\0')) {
      const [, , blob = '', path = ''] = /^(\S+) blob (\S+)\t([\s\S]*)$/.exec(entry) ?? [];
      for (const { credential } of hits.get(blob) ?? []) {
        const key = JSON.stringify([credential, Buffer.from(path, 'latin1').toString()]);
        holders.set(key, (holders.get(key) ?? new Set()).add(oid));
      }
    }
  }
  const lives: Life[] = [];
  for (const [key, holding] of holders) {
    const [credential = '', path = ''] = JSON.parse(key) as string[];
    for (const stretch of stretches(commits, parents, holding)) {
      const first = stretch.find((oid) => !(parents.get(oid) ?? []).some((parent) => holding.has(parent)));
      const ends = commits.filter((oid) => {
        const above = parents.get(oid) ?? [];
        return (
          !holding.has(oid) &&
          above.length > 0 &&
          above.every((parent) => holding.has(parent)) &&
          above.some((parent) => stretch.includes(parent))
        );
      });
      const isThere = stretch.some((oid) => tips.has(oid));
      lives.push({
        credential,
        path,
        first: first ?? '',
        removed: isThere ? undefined : ends.at(-1),
        inHead: stretch.includes(head),
      });
    }
  }
  return lives;
}

/** The holding commits in groups that parentage joins, each in the order of `commits`. */
function stretches(
  commits: readonly string[],
  parents: ReadonlyMap<string, readonly string[]>,
  holding: ReadonlySet<string>,
): readonly (readonly string[])[] {
  const groupOf = new Map<string, Set<string>>();
  for (const oid of commits) {
    if (!holding.has(oid)) continue;
    const group = new Set([oid]);
    for (const parent of parents.get(oid) ?? []) for (const member of groupOf.get(parent) ?? []) group.add(member);
    for (const member of group) groupOf.set(member, group);
  }
  return [...new Set(groupOf.values())].map((group) => commits.filter((oid) => group.has(oid)));
}

function reportedLives(report: Report): readonly Life[] {
  return [...report.findings, ...report.suppressed].flatMap(({ id, sightings }) =>
    sightings.flatMap((sighting): Life[] =>
      sighting.kind === 'git'
        ? [
            {
              credential: id,
              path: sighting.path,
              first: sighting.commit,
              removed: sighting.removed?.commit,
              inHead: sighting.inHead,
            },
          ]
        : [],
    ),
  );
}

function sorted(lives: readonly Life[]): readonly string[] {
  return lives
    .map(({ credential, path, first, removed, inHead }) =>
      JSON.stringify([credential, path, first, removed ?? '', inHead]),
    )
    .sort();
}

/** Without what only one of the two ways of reading can say. */
function comparable(report: Report): string {
  const { git: _, ...facts } = report.summary.facts;
  return asJson({ ...report, summary: { ...report.summary, facts } });
}

test(
  'history scan, objects one by one, and the lives of credentials agree; with git and without',
  { timeout: 600_000 },
  async () => {
    const seen = new Set<string>();
    const lives: Life[] = [];
    const samples = fc.sample(hiddenHistory, { numRuns: REPOSITORIES, seed: 20260214 });
    for (const [number, history] of samples.entries()) {
      const repo = buildHidden(dir.path, history, secrets);
      if (number % 3 === 1) repo.git('repack', '-adfq', '--depth=50');
      if (number % 3 === 2) repo.git('repack', '-dq');
      const repository = await repositoryAt(repo.path);
      const scanned = await realScan(createHistorySource({ repository }, testAmbient()));

      const expected = scanEachObject(repo);
      expect(Object.fromEntries(scanned.hits)).toEqual(
        Object.fromEntries([...expected].map(([oid, hits]) => [`git:${oid}`, hits])),
      );
      const all = [...new Set([...expected.values()].flat().map(({ credential }) => credential))].sort();
      expect(credentialsOf(scanned.report)).toEqual(all);
      const told = livesOf(repo, expected);
      expect(sorted(reportedLives(scanned.report))).toEqual(sorted(told));
      expect(scanned.report.summary.failed).toEqual({});

      const own = await realScan(createNoGitSource({ repository }, testAmbient()));
      expect(comparable(own.report)).toBe(comparable(scanned.report));
      for (const { rule } of [...expected.values()].flat()) seen.add(rule);
      lives.push(...told);
    }
    // The histories did hold what they were made to hold, and it did come and go.
    expect([...seen]).toEqual(expect.arrayContaining(secrets.map(({ rule }) => rule)));
    expect(lives.filter(({ removed }) => removed !== undefined).length).toBeGreaterThan(50);
    expect(lives.filter(({ inHead }) => inHead).length).toBeGreaterThan(50);
  },
);

test('no disguise and no character set hides a credential, alone or beside others', { timeout: 120_000 }, async () => {
  const revealing = createTextScanner(await scanSettings({ reveal: true }));
  const hidden: string[] = [];
  for (const shell of SHELLS) {
    for (const disguise of DISGUISES) {
      const blocks = secrets.flatMap((_, secret): readonly Block[] => [
        { kind: 'prose', words: secret },
        { kind: 'secret', secret, disguise },
      ]);
      const bytes = fileBytes({ shell, blocks }, secrets);
      const found = new Set(revealing.scan({ id: `${shell} ${disguise}`, bytes })?.hits.map(({ secret }) => secret));
      for (const { rule, secret } of secrets) if (!found.has(secret)) hidden.push(`${rule} as ${disguise} in ${shell}`);
    }
  }
  expect(hidden).toEqual([]);
});
