/** The same report, byte for byte, however the work is shared out. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { INLINE_BYTES } from '../../packages/core/src/pipeline/pool.ts';
import { createFilesSource } from '../../packages/core/src/sources/files/files-source.ts';
import { createHistorySource, createNoGitSource } from '../../packages/core/src/sources/git/history-source.ts';
import { createWorktreeSource } from '../../packages/core/src/sources/git/worktree-source.ts';
import { createCompositeSource } from '../../packages/core/src/pipeline/composite-source.ts';
import type { Source } from '../../packages/core/src/types/index.ts';
import { testAmbient } from '../support/ambient.ts';
import { buildHidden, disguised, DISGUISES, hiddenHistory, SECRETS } from '../support/hidden-history.ts';
import { realScan, repositoryAt, scanSettings, singleTexts } from '../support/real-scan.ts';
import { openRepo, type TestRepo } from '../support/repo.ts';
import { plantedLines, type PlantedLine } from '../support/rule-examples.ts';
import { tempFolder } from '../support/temp-folder.ts';

let secrets: readonly PlantedLine[];
beforeAll(async () => {
  secrets = plantedLines((await scanSettings()).ruleset, 'workers', SECRETS);
}, 120_000);

/** A work tree on a random history, with changes that are in no commit. */
function makeWorktree(seed: number): TestRepo {
  const [history] = fc.sample(hiddenHistory, { numRuns: 1, seed });
  if (history === undefined) throw new Error('no history');
  const folder = tempFolder();
  const bare = buildHidden(folder, history, secrets);
  bare.git('clone', '-q', bare.path, join(folder, 'worktree'));
  const repo = openRepo(join(folder, 'worktree'));
  for (const [at, planted] of secrets.entries())
    repo.write(`new/${at}.txt`, `${disguised(planted.line, DISGUISES[at % DISGUISES.length] ?? 'plain')}\n`);
  return repo;
}

const READERS = [
  { name: 'through git', history: createHistorySource },
  { name: 'without git', history: createNoGitSource },
];

describe.each(READERS)('a repository $name', ({ history }) => {
  async function open(repo: TestRepo): Promise<Source> {
    const repository = await repositoryAt(repo.path);
    const worktree = repository.worktree ?? '';
    const sources = [history({ repository }, testAmbient())];
    // The work tree's index is read through git.
    if (history === createHistorySource)
      sources.push(createWorktreeSource({ repository: { ...repository, worktree } }, testAmbient()));
    return createCompositeSource(sources);
  }

  test('one worker thread and eight give the same bytes', { timeout: 300_000 }, async () => {
    const repo = makeWorktree(41);
    const inline = await realScan(await open(repo));
    const one = await realScan(await open(repo), { workers: 1, replan: singleTexts });
    const eight = await realScan(await open(repo), { workers: 8, replan: singleTexts });
    expect(eight.jobs.length).toBeGreaterThan(16);
    expect(eight.jobs.reduce((sum, job) => sum + job.weight, 0)).toBeGreaterThan(INLINE_BYTES);
    expect(one.report.findings.length).toBeGreaterThan(5);
    expect(eight.json).toBe(one.json);
    // Without threads, the same is found; what is left out is counted in the same way.
    expect(inline.report.findings).toEqual(one.report.findings);
    expect(inline.report.summary).toEqual(one.report.summary);
  });
});

test(
  'a folder that is large enough for threads by itself: one, two and eight give the same bytes',
  { timeout: 300_000 },
  async () => {
    const root = tempFolder();
    const filler = Buffer.alloc(
      3 << 20,
      'export function add(left: number, right: number): number { return left + right; }\n',
    );
    // Each credential in four files that say it differently. The first lie in large jobs, which end last.
    for (const [at, { line }] of secrets.entries()) {
      const forms = [
        `(${line})`,
        `"${line}"`,
        `\t${line};`,
        disguised(line, DISGUISES[at % DISGUISES.length] ?? 'plain'),
      ];
      for (const [number, form] of forms.entries()) {
        const bytes = Buffer.from(`\n${form}\n`);
        const isLarge = at % 3 === 0 && number === 0;
        mkdirSync(join(root, `part-${number}`), { recursive: true });
        writeFileSync(join(root, `part-${number}`, `${at}.ts`), isLarge ? Buffer.concat([filler, bytes]) : bytes);
      }
    }
    const [one, two, eight] = [
      await realScan(createFilesSource({ root }), { workers: 1 }),
      await realScan(createFilesSource({ root }), { workers: 2 }),
      await realScan(createFilesSource({ root }), { workers: 8 }),
    ];
    expect(eight.jobs.length).toBeGreaterThan(2);
    expect(eight.jobs.reduce((sum, job) => sum + job.weight, 0)).toBeGreaterThan(INLINE_BYTES);
    expect(one.report.findings.length).toBeGreaterThanOrEqual(secrets.length);
    expect(one.report.findings.some(({ sightingCount }) => sightingCount >= 4)).toBe(true);
    expect(two.json).toBe(one.json);
    expect(eight.json).toBe(one.json);
  },
);
