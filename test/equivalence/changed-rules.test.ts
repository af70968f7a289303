/**
 * When rules have changed since the last scan, they alone are asked about what is known; the report, and what is kept, are
 * those of a scan of everything.
 */
import * as fc from 'fast-check';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changingRules, oddLine, VARIANTS } from '../support/changing-rules.ts';
import { keptTexts, rewriteTexts } from '../support/kept-state.ts';
import { scanWithMemory, type MemoryScan, type MemoryScanOptions } from '../support/remembered-scan.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { Ruleset } from '../../packages/core/src/types/index.ts';

const HISTORIES = Number(process.env['UNLEAK_TEST_HISTORIES'] ?? 200);
const SEED = Number(process.env['UNLEAK_TEST_SEED'] ?? 20_261_128);

const HISTORY = { target: { mode: { kind: 'all', history: 'only' } } } as const;

const withRules = (ruleset: Ruleset, more: MemoryScanOptions = {}): MemoryScanOptions => ({
  ...HISTORY,
  ...more,
  settings: { ruleset },
});

/** Scans with what is known, and compares report and state with those of a scan of everything in a folder of its own. */
async function expectSame(repo: TestRepo, directory: string, options: MemoryScanOptions): Promise<MemoryScan> {
  const scan = await scanWithMemory(repo.path, directory, options);
  const own = join(tempFolder(), 'state');
  const full = await scanWithMemory(repo.path, own, options);
  expect(scan.json).toBe(full.json);
  expect(keptTexts(directory)).toEqual(keptTexts(own));
  const told = await scanWithMemory(repo.path, directory, options);
  expect(told.json).toBe(full.json);
  expect(told.known).toBe(full.report.summary.texts);
  return scan;
}

function commitLines(repo: TestRepo, at: number, seeds: readonly number[]): void {
  const lines = Array.from({ length: 30 }, (_, i) => `line ${i} of ${at % 2}\n`);
  for (const [i, seed] of seeds.entries()) lines.splice((seed * 7 + i) % lines.length, 0, oddLine(seed));
  repo.commitFiles(
    { [`dir${at % 2}/file${at % 3}.txt`]: lines.join('') },
    { message: `commit ${at}\n\n${at % 4 === 0 ? oddLine(at) : ''}` },
  );
}

const seeds = fc.array(fc.nat(16), { maxLength: 5 });
const choice = fc.tuple(...Object.values(VARIANTS).map((variants) => fc.nat(variants.length - 1)));

test('generated histories under rules that come, go and change: always the report and the state of a full scan', async () => {
  const histories = fc.array(seeds, { minLength: 4, maxLength: 10 });
  const changes = fc.array(fc.record({ choice, repack: fc.boolean(), more: fc.option(seeds) }), {
    minLength: 2,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(histories, choice, changes, async (history, first, steps) => {
      const repo = makeRepo(tempFolder());
      for (const [at, lines] of history.entries()) commitLines(repo, at, lines);
      const directory = join(tempFolder(), 'state');
      await expectSame(repo, directory, withRules(changingRules(first)));
      for (const step of steps) {
        if (step.more !== null) commitLines(repo, history.length, step.more);
        if (step.repack) repo.git('repack', '--quiet', '-a', '-d', '-f', '--depth=50', '--window=50');
        await expectSame(repo, directory, withRules(changingRules(step.choice)));
      }
    }),
    { numRuns: HISTORIES / 20, seed: SEED },
  );
}, 600_000);

function choose(chosen: Readonly<Record<string, number>>): Ruleset {
  return changingRules(Object.keys(VARIANTS).map((id) => chosen[id] ?? 0));
}

/** Every line once in a file of its own, in one pack. */
function sampleRepo(): TestRepo {
  const repo = makeRepo(tempFolder());
  repo.commitFiles(Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`dir0/f${i}`, `${i}\n${oddLine(i)}`])));
  repo.git('repack', '--quiet', '-a', '-d');
  return repo;
}

test('each rule, to everything else that it can be and back', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  await expectSame(repo, directory, withRules(choose({})));
  for (const [id, variants] of Object.entries(VARIANTS)) {
    for (let to = 1; to < variants.length; to++) {
      await expectSame(repo, directory, withRules(choose({ [id]: to })));
      const back = await expectSame(repo, directory, withRules(choose({})));
      expect(back.known + back.probed.texts, `${id} ${to}`).toBeGreaterThan(0);
    }
  }
}, 600_000);

test('a rule that is gone: texts in which it had a say are read again, and no other', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  await expectSame(repo, directory, withRules(choose({ marked: 1 })));
  const scan = await expectSame(repo, directory, withRules(choose({ marked: 0 })));
  // `mark_` stands in two files, in one of them behind base64.
  expect(scan.known).toBe(scan.report.summary.texts - 2);
  expect(scan.probed).toEqual({ texts: 0, rules: 0 });
});

test('a rule that had only yielded, or completed others, or been allowed, has had a say', async () => {
  const repo = sampleRepo();
  for (const [id, before, after] of [
    ['long', 0, 1],
    ['part', 0, 1],
    ['assigned', 3, 1],
    ['cut', 0, 1],
  ] as const) {
    const directory = join(tempFolder(), 'state');
    await expectSame(repo, directory, withRules(choose({ [id]: before })));
    const scan = await expectSame(repo, directory, withRules(choose({ [id]: after })));
    expect(scan.known, id).toBeLessThan(scan.report.summary.texts);
    expect(scan.known, id).toBeGreaterThan(0);
  }
});

test('a new rule: every text is asked about it, and about nothing else', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  await scanWithMemory(repo.path, directory, withRules(choose({})));
  // Whoever asked the other rules again would find out that this is not so.
  rewriteTexts(directory, (header) => header.replaceAll(/"entropy":[0-9.]+/gu, '"entropy":7.77'));
  const scan = await scanWithMemory(repo.path, directory, withRules(choose({ marked: 1 })));
  expect(scan.probed).toEqual({ texts: scan.report.summary.texts, rules: 1 });
  const asked = scan.report.findings.filter(({ entropy }) => entropy !== 7.77).map(({ ruleId }) => ruleId);
  // The second text with a marked one holds something for another rule, too.
  expect(asked.sort()).toEqual(['marked', 'marked', 'rest3']);
  expect(scan.report.findings.length).toBeGreaterThan(10);
});

test('what was said of a text and is no longer so goes: a rule had too many hits, of which another one takes some', async () => {
  const repo = makeRepo(tempFolder());
  const lines = Array.from({ length: 999 }, (_, i) => `key = "value-${String(i)}-x"\n`);
  repo.commitFiles({ many: `${lines.join('')}key = "mark_abab"\nkey = "mark_baba"\n` });
  const directory = join(tempFolder(), 'state');
  const before = await expectSame(repo, directory, withRules(choose({ marked: 0 })));
  const after = await expectSame(repo, directory, withRules(choose({ marked: 1 })));
  expect(before.report.summary.facts['textsWithCappedHits']).toBe(1);
  expect(after.report.summary.facts['textsWithCappedHits']).toBeUndefined();
});

test('new and changed files beside a changed rule are scanned with all rules', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  await expectSame(repo, directory, withRules(choose({})));
  repo.commitFiles({ new: oddLine(0), 'dir0/f3': `${oddLine(10)}${oddLine(4)}` });
  const known = 18;
  const scan = await expectSame(repo, directory, withRules(choose({ marked: 1, token: 2 })));
  expect(scan.probed.texts).toBeLessThan(known);
  expect(scan.probed.texts).toBeGreaterThan(0);
});

test('most rules changed: everything is scanned again', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  const all = choose({});
  const few: Ruleset = { ...all, digest: 'few', rules: all.rules.filter(({ id }) => !id.startsWith('rest')) };
  await expectSame(repo, directory, withRules(few));
  const scan = await expectSame(repo, directory, withRules(all));
  expect({ known: scan.known, probed: scan.probed.texts }).toEqual({ known: 0, probed: 0 });
  // The other way round nothing has to be asked.
  const back = await expectSame(repo, directory, withRules(few));
  expect(back.known).toBeGreaterThan(0);
});

test('--no-incremental asks nobody what was known', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  await expectSame(repo, directory, withRules(choose({})));
  const scan = await scanWithMemory(repo.path, directory, withRules(choose({ marked: 1 }), { memory: { use: false } }));
  expect({ known: scan.known, probed: scan.probed.texts }).toEqual({ known: 0, probed: 0 });
});

const NO_SENSE: Readonly<Record<string, (header: Readonly<Record<string, unknown>>) => object>> = {
  'no rules': (header) => ({ ...header, rules: undefined }),
  'rules that are none': (header) => ({ ...header, rules: 7 }),
  'too few rules': (header) => ({ ...header, rules: [] }),
  'sets of rules that are not there': (header) => ({ ...header, concerned: [[100_000]] }),
  'no sets': (header) => ({ ...header, concerned: [] }),
  'a text that is not there': (header) => ({ ...header, reports: [[100_000, [], 0]] }),
  'the format before': (header) => ({ ...header, settings: 'other', rules: undefined, concerned: undefined }),
};

test.each(Object.entries(NO_SENSE))('sealed, but with %s: everything is scanned', async (_, change) => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  await scanWithMemory(repo.path, directory, withRules(choose({})));
  rewriteTexts(directory, (header) => JSON.stringify(change(JSON.parse(header) as Record<string, unknown>)));
  const scan = await expectSame(repo, directory, withRules(choose({ marked: 1 })));
  expect({ known: scan.known, probed: scan.probed.texts }).toEqual({ known: 0, probed: 0 });
});

test('a state of other rules that have our ids: those are asked', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  const options = withRules(choose({}));
  await scanWithMemory(repo.path, directory, options);
  const digest = keptTexts(directory).rules['whole'] ?? '';
  rewriteTexts(directory, (header) => header.replaceAll(digest, 'f'.repeat(32)));
  const scan = await expectSame(repo, directory, withRules(choose({ marked: 1 })));
  expect(scan.probed.rules).toBe(2);
});

test('in worker threads', async () => {
  const repo = makeRepo(tempFolder());
  const filler = Array.from({ length: 60_000 }, (_, i) => `line ${i} of much text that is there to be heavy\n`).join(
    '',
  );
  for (let i = 0; i < 3; i++) repo.commitFiles({ [`big${i}`]: `${i}${filler}${oddLine(i)}${oddLine(10)}` });
  const directory = join(tempFolder(), 'state');
  const options = { workers: 2, target: { ...HISTORY.target, maxTextBytes: 1 << 24 } };
  await expectSame(repo, directory, withRules(choose({}), options));
  const scan = await expectSame(repo, directory, withRules(choose({ marked: 1 }), options));
  expect(scan.probed.texts).toBe(scan.report.summary.texts);
}, 120_000);
