/**
 * A scan that knows of earlier ones says what a scan of everything says, whatever happened to the repository and to the
 * settings in between.
 */
import * as fc from 'fast-check';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rulesetOf } from '../../packages/core/src/rules/ruleset-of.ts';
import { defaultRuleset } from '../../packages/core/src/rules/default-ruleset.ts';
import { scanWithMemory, type MemoryScan, type MemoryScanOptions } from '../support/remembered-scan.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { databaseUrl, githubToken, privateKey } from '../support/tokens.ts';

/** Scans with what is known, and compares with a scan of everything. */
async function expectSame(path: string, directory: string, options: MemoryScanOptions = {}): Promise<MemoryScan> {
  const scan = await scanWithMemory(path, directory, options);
  const { memory: _, ...plain } = options;
  const full = await scanWithMemory(path, undefined, plain);
  expect(scan.json).toBe(full.json);
  return scan;
}

function secretLine(seed: number): string {
  const name = `incremental ${seed}`;
  const kinds = [
    `TOKEN=${githubToken(name)}\n`,
    `DB=${databaseUrl(name).url}\n`,
    privateKey(name),
    `password = "${githubToken(name).slice(6, 24)}"  # unleak:allow\n`,
    `data: ${Buffer.from(`token=${githubToken(name)} and more`).toString('base64')}\n`,
    'nothing to see\n',
  ];
  return kinds[seed % kinds.length] ?? '';
}

type Step = (repo: TestRepo, seed: number) => void;

const file = (seed: number): string => `dir${seed % 2}/file${seed % 3}.txt`;

const STEPS: Readonly<Record<string, Step>> = {
  'a new commit': (repo, seed) => void repo.commitFiles({ [file(seed)]: `line ${seed}\n${secretLine(seed)}` }),
  'a longer file': (repo, seed) =>
    void repo.commitFiles({ [file(seed)]: Array.from({ length: 40 }, (_, i) => secretLine(i % (seed + 2))).join('') }),
  'a secret in a message': (repo, seed) => void repo.commit({ message: `leak ${githubToken(`message ${seed}`)}` }),
  'a binary file': (repo, seed) => void repo.commitFiles({ 'image.bin': Uint8Array.of(0, 1, 2, seed) }),
  'an amended commit': (repo, seed) => {
    repo.write(file(seed), `amended ${seed}\n${secretLine(seed + 1)}`);
    repo.stage();
    repo.git('commit', '--quiet', '--amend', '--no-edit');
  },
  'a branch': (repo, seed) => void repo.git('branch', '--force', `branch${seed % 3}`),
  'no branches': (repo) => {
    const names = repo.git('branch', '--format=%(refname:short)', '--list', 'branch*').split('\n').filter(Boolean);
    if (names.length > 0) repo.git('branch', '--quiet', '-D', ...names);
  },
  'a tag with a message': (repo, seed) =>
    void repo.git('tag', '--force', '-m', `see ${secretLine(seed)}`, `v${seed % 3}`),
  'an older HEAD': (repo, seed) => {
    const commits = repo.git('rev-list', '--all').split('\n');
    repo.git('checkout', '--quiet', '--force', '--detach', commits[seed % commits.length] ?? 'HEAD');
  },
  'back on main': (repo) => void repo.git('checkout', '--quiet', '--force', 'main'),
  'an object that nothing leads to': (repo, seed) => void repo.hashObject(secretLine(seed + 7)),
  'one more pack': (repo) => void repo.git('repack', '--quiet', '-d'),
  'all in one pack': (repo) => void repo.git('repack', '--quiet', '-a', '-d', '--depth=50', '--window=50'),
  'packed refs': (repo) => void repo.git('pack-refs', '--all'),
  'what nothing leads to is pruned': (repo) => {
    repo.git('reflog', 'expire', '--expire=now', '--all');
    repo.git('gc', '--quiet', '--prune=now');
  },
  'an uncommitted file': (repo, seed) => repo.write('uncommitted.env', secretLine(seed)),
};

test('generated histories: every step, and a second look, gives the report of a full scan', async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(STEPS)), fc.nat(40)), { minLength: 3, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(steps, async (chosen) => {
      const repo = makeRepo(tempFolder());
      repo.commitFiles({ 'first.txt': `first\n${secretLine(0)}` });
      const directory = join(tempFolder(), 'state');
      await expectSame(repo.path, directory);
      for (const [name, seed] of chosen) {
        STEPS[name]?.(repo, seed);
        await expectSame(repo.path, directory);
      }
      const { report } = await scanWithMemory(repo.path, directory, {
        target: { mode: { kind: 'all', history: 'only' } },
      });
      const again = await expectSame(repo.path, directory, { target: { mode: { kind: 'all', history: 'only' } } });
      expect(again.known).toBe(report.summary.texts);
    }),
    { numRuns: Number(process.env['UNLEAK_TEST_HISTORIES'] ?? 200) / 25 },
  );
}, 300_000);

function sampleRepo(): TestRepo {
  const repo = makeRepo(tempFolder());
  for (let seed = 0; seed < 6; seed++) repo.commitFiles({ [file(seed)]: `${seed}\n${secretLine(seed)}` });
  return repo;
}

test('only what is new is read: one commit with one file', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  const first = await expectSame(repo.path, directory);
  repo.commitFiles({ 'new.txt': `T=${githubToken('new')}\n` });
  const second = await expectSame(repo.path, directory);
  expect(first.known).toBe(0);
  expect(second.known).toBe(first.report.summary.texts);
  expect(second.report.summary.texts).toBe(second.known + 2);
});

test('a repack costs nothing, and neither does a moved HEAD', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  await expectSame(repo.path, directory);
  repo.git('repack', '--quiet', '-a', '-d');
  const repacked = await expectSame(repo.path, directory);
  expect(repacked.known).toBe(repacked.report.summary.texts);
  repo.git('checkout', '--quiet', '--detach', 'HEAD~2');
  const moved = await expectSame(repo.path, directory);
  expect(moved.known).toBe(moved.report.summary.texts);
});

test('what is pruned is gone: its credential is told no more, and comes back with it', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  repo.git('checkout', '--quiet', '-b', 'leak');
  repo.commitFiles({ 'leak.env': `T=${githubToken('pruned')}\n` });
  repo.git('checkout', '--quiet', 'main');
  const before = await expectSame(repo.path, directory);
  repo.git('branch', '--quiet', '-D', 'leak');
  const unreachable = await expectSame(repo.path, directory);
  repo.git('reflog', 'expire', '--expire=now', '--all');
  repo.git('gc', '--quiet', '--prune=now');
  const after = await expectSame(repo.path, directory);
  expect(unreachable.report.findings.length).toBe(before.report.findings.length);
  expect(after.report.findings.length).toBe(before.report.findings.length - 1);
  expect(after.known).toBe(after.report.summary.texts);
  repo.commitFiles({ 'leak.env': `T=${githubToken('pruned')}\n` });
  const back = await expectSame(repo.path, directory);
  expect(back.report.findings.length).toBe(before.report.findings.length);
  expect(back.known).toBe(after.known);
});

test('a repository of SHA-256', async () => {
  const repo = makeRepo(tempFolder(), { sha256: true });
  repo.commitFiles({ a: secretLine(0) });
  const directory = join(tempFolder(), 'state');
  await expectSame(repo.path, directory);
  repo.commitFiles({ b: secretLine(1) });
  repo.git('repack', '--quiet', '-a', '-d');
  const scan = await expectSame(repo.path, directory);
  expect(scan.known).toBe(2);
});

test('an object that is missing is told every time', async () => {
  const repo = sampleRepo();
  const blob = repo.git('rev-parse', 'HEAD:dir1/file2.txt');
  const directory = join(tempFolder(), 'state');
  await expectSame(repo.path, directory);
  const object = `objects/${blob.slice(0, 2)}/${blob.slice(2)}`;
  const { rmSync } = await import('node:fs');
  rmSync(join(repo.gitDir, object), { force: true });
  const first = await expectSame(repo.path, directory);
  const again = await expectSame(repo.path, directory);
  expect(first.report.summary).toMatchObject({ complete: false, failed: { missing: 1 } });
  expect(again.report.summary.failed).toEqual({ missing: 1 });
});

test('what is borrowed from another repository', async () => {
  const lender = sampleRepo();
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ own: secretLine(3) });
  const directory = join(tempFolder(), 'state');
  await expectSame(repo.path, directory);
  repo.writeGitFile('objects/info/alternates', `${join(lender.gitDir, 'objects')}\n`);
  await expectSame(repo.path, directory);
  lender.commitFiles({ more: secretLine(9) });
  const scan = await expectSame(repo.path, directory);
  expect(scan.known).toBe(scan.report.summary.texts - 2);
});

const FOR_ALL = {
  condition: 'any',
  target: 'secret',
  patterns: [],
  pathPatterns: [],
  commits: [],
  targetRules: [],
} as const;

test('other settings: nothing that was found under the old ones is told', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  const rules = await defaultRuleset();
  const changes: Readonly<Record<string, MemoryScanOptions>> = {
    'an allow-list for all rules': {
      settings: { ruleset: rulesetOf(rules.rules, [{ ...FOR_ALL, words: ['a word that is nowhere'] }]) },
    },
    'another salt': { settings: { salt: 'another' } },
    'another name of the project': { settings: { repository: 'acme' } },
    'no inline comments': { settings: { inlineMarkers: [] } },
    'less decoding': { settings: { maxDecodeDepth: 0 } },
    'smaller files': { target: { maxTextBytes: 100 } },
  };
  await expectSame(repo.path, directory);
  for (const [name, options] of Object.entries(changes)) {
    const scan = await expectSame(repo.path, directory, options);
    expect(scan.known, name).toBe(0);
    const same = await expectSame(repo.path, directory, options);
    expect(same.known, name).toBeGreaterThan(0);
  }
});

test('--no-incremental reads everything, and what it finds takes the place of what was known', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  await expectSame(repo.path, directory);
  const full = await expectSame(repo.path, directory, { memory: { use: false } });
  expect(full.known).toBe(0);
  const next = await expectSame(repo.path, directory);
  expect(next.known).toBeGreaterThan(0);
});

test('narrowed to refs, and with every object compared with its id, nothing is taken from before', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  await expectSame(repo.path, directory);
  for (const target of [{ refs: ['HEAD~1'] }, { verifyObjects: true }])
    expect((await expectSame(repo.path, directory, { target })).known).toBe(0);
  expect((await expectSame(repo.path, directory)).known).toBeGreaterThan(0);
});

test('a scan that was interrupted leaves nothing behind', async () => {
  const repo = sampleRepo();
  const directory = join(tempFolder(), 'state');
  const abort = new AbortController();
  abort.abort();
  await scanWithMemory(repo.path, directory, { signal: abort.signal });
  expect((await expectSame(repo.path, directory)).known).toBe(0);
});
