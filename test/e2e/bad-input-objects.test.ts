/** Repositories with damage: what can be read is scanned, what cannot is counted, whoever reads the objects. */
import { chmodSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deflateSync } from 'node:zlib';
import { copyCode, type MadeEntry, sizeCode } from '../support/made-pack.ts';
import { writePack } from '../support/pack-files.ts';
import { measurePeakMemory } from '../support/peak-memory.ts';
import { places, readJsonReport, type JsonReport } from '../support/json-report.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken, randomText } from '../support/tokens.ts';
import { pathWithoutGit } from '../support/without-git.ts';

const line = `TOKEN=${githubToken('objects')}\n`;

/** One pack, with a secret in `a.env` and a text in `b.txt`. */
function packedRepo(): TestRepo {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': line, 'b.txt': randomText(5000, 'b') });
  repo.git('repack', '-adq');
  return repo;
}

function packOf(repo: TestRepo, extension: 'pack' | 'idx'): string {
  const folder = join(repo.gitDir, 'objects/pack');
  const name = readdirSync(folder).find((each) => each.endsWith(`.${extension}`));
  if (name === undefined) throw new Error('no pack');
  chmodSync(join(folder, name), 0o600);
  return join(folder, name);
}

/** Overwrites the middle of an object in its pack. */
function damage(repo: TestRepo, oid: string): void {
  const index = packOf(repo, 'idx');
  const row = repo
    .git('verify-pack', '-v', index)
    .split('\n')
    .find((each) => each.startsWith(oid));
  const [, , , packed = '0', offset = '0'] = row?.split(/\s+/) ?? [];
  const pack = packOf(repo, 'pack');
  const bytes = readFileSync(pack);
  bytes.fill(0xff, Number(offset) + Math.floor(Number(packed) / 2), Number(offset) + Number(packed) - 8);
  writeFileSync(pack, bytes);
}

const READERS = [
  { name: 'with git', env: (): Record<string, string> => ({}) },
  { name: 'without git', env: (): Record<string, string> => ({ PATH: pathWithoutGit() }) },
];

describe.each(READERS)('$name', ({ env }) => {
  async function scan(
    repo: TestRepo,
    ...flags: string[]
  ): Promise<{ readonly code: number; readonly report: JsonReport }> {
    const { code, stdout, stderr } = await runCli(['scan', repo.path, '--history', 'only', '-f', 'json', ...flags], {
      env: env(),
    });
    expect(stderr).not.toMatch(/\n\s+at |mistake of unleak/);
    return { code, report: readJsonReport(stdout) };
  }

  test('a damaged object in a pack: the others of the pack are scanned', async () => {
    const repo = packedRepo();
    const oid = repo.git('rev-parse', 'HEAD:b.txt');
    damage(repo, oid);
    const { code, report } = await scan(repo);
    expect(code).toBe(1);
    expect(places(report)).toEqual(['a.env:1']);
    expect(report.notScanned).toContainEqual(
      expect.objectContaining({ state: 'failed', reason: 'corrupt', where: `git:${oid}` }),
    );
    expect(report.summary.complete).toBe(false);
  });

  test('a damaged object, and nothing found in the others: exit code 2', async () => {
    const repo = makeRepo(tempFolder());
    repo.commitFiles({ 'a.txt': randomText(3000, 'a'), 'b.txt': randomText(5000, 'b') });
    repo.git('repack', '-adq');
    damage(repo, repo.git('rev-parse', 'HEAD:b.txt'));
    const { code, report } = await scan(repo);
    expect(code).toBe(2);
    expect(report.summary.failed['corrupt']).toBeGreaterThan(0);
    // What is broken is not missing on purpose.
    expect((await scan(repo, '--allow-missing')).code).toBe(2);
  });

  test('a pack that is cut off: the scan is incomplete, and what lies in other packs is found', async () => {
    const repo = packedRepo();
    repo.commitFiles({ 'c.env': `TOKEN=${githubToken('another pack')}\n` });
    const pack = packOf(repo, 'pack');
    truncateSync(pack, 100);
    const { code, report } = await scan(repo);
    expect([1, 2]).toContain(code);
    expect(report.summary.complete).toBe(false);
    expect(report.findings.map(({ ruleId }) => ruleId)).toEqual(['github-pat']);
  });

  test('an index of a pack that is garbage: the scan is incomplete, never clean', async () => {
    const repo = packedRepo();
    writeFileSync(packOf(repo, 'idx'), 'not an index');
    const { code, report } = await scan(repo);
    expect(code).toBe(2);
    expect(report.summary.complete).toBe(false);
  });

  test('a ref that names nothing, and a HEAD that is garbage', async () => {
    const repo = packedRepo();
    repo.writeGitFile('refs/heads/lost', `${'1'.repeat(40)}\n`);
    const { code, report } = await scan(repo);
    expect(code).toBe(1);
    expect(places(report)).toEqual(['a.env:1']);
    expect(report.notScanned).toContainEqual(expect.objectContaining({ state: 'failed', reason: 'missing' }));
    repo.writeGitFile('refs/heads/lost', 'garbage\n');
    const garbage = await scan(repo);
    expect(garbage.code).toBe(1);
    expect(garbage.report.summary.complete).toBe(false);
  });

  test('packs that claim 10 GB, whole or by deltas that double: told, within bounds', async () => {
    const repo = makeRepo(tempFolder());
    repo.commitFiles({ 'a.env': line });
    const noise = Buffer.alloc(1 << 20, 'a line of it\n');
    const entries: MadeEntry[] = [
      { type: 'blob', content: noise, claims: 10e9, stream: deflateSync(Buffer.alloc(20 << 20)), id: 'a'.repeat(40) },
      { type: 'blob', content: noise },
    ];
    for (let size = noise.length; size < 10e9; size *= 2) {
      // Copies reach over 16 MB at most.
      const piece = Math.min(size, 0x800000);
      const copies = Array.from({ length: (size * 2) / piece }, (_, at) => copyCode((at * piece) % size, piece)).flat();
      const code = Buffer.from([...sizeCode(size), ...sizeCode(size * 2), ...copies]);
      const id = size.toString(16).padStart(40, 'b');
      entries.push({ type: 'blob', content: noise, id, delta: { base: entries.length - 1, code } });
    }
    writePack(join(repo.gitDir, 'objects'), 'bombs', entries);
    const memory = measurePeakMemory();
    const { code, stdout } = await runCli(
      ['scan', repo.path, '--history', 'only', '-f', 'json', '--max-file-size', '8MB', '--workers', '1'],
      { env: { ...memory.env, ...env() } },
    );
    const report = readJsonReport(stdout);
    expect(code).toBe(1);
    expect(places(report)).toEqual(['a.env:1']);
    expect(report.summary.complete).toBe(false);
    expect(report.summary.excluded['too-large']).toBeGreaterThan(4);
    expect(report.summary.failed['limit']).toBeGreaterThan(0);
    expect(memory.bytes()).toBeLessThan(1e9);
  });
});
