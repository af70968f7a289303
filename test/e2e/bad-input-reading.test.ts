/** Files that cannot be read, change under the reader, or are too much: what could be scanned is, the rest is told. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createFilesSource } from '../../packages/core/src/sources/files/files-source.ts';
import { realScan, scanSettings } from '../support/real-scan.ts';
import { places, readJsonReport } from '../support/json-report.ts';
import { measurePeakMemory } from '../support/peak-memory.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const MB = 1 << 20;
const token = githubToken('reading');
const line = `TOKEN=${token}\n`;

/**
 * A folder that exists and that nobody can open, the superuser neither: its path is longer than the system takes. It is
 * made of two halves, of which each is short enough.
 */
function unreachableFolder(root: string): void {
  const half = Array.from({ length: 12 }, () => 'd'.repeat(200));
  const other = tempFolder();
  mkdirSync(join(root, ...half), { recursive: true });
  mkdirSync(join(other, ...half), { recursive: true });
  writeFileSync(join(other, ...half, 'deep.env'), line);
  const seam = join(root, ...half, 'further');
  renameSync(join(other, 'd'.repeat(200)), seam);
  // Nothing that long can be removed either, so it is taken apart again.
  onTestFinished(() => renameSync(seam, join(other, 'd'.repeat(200))));
}

test('a folder that cannot be opened: the others are scanned, it is counted, and without findings the exit code is 2', async () => {
  const folder = tempFolder();
  unreachableFolder(folder);
  const clean = await runCli(['scan', folder, '-f', 'json']);
  expect(clean.code).toBe(2);
  const report = readJsonReport(clean.stdout);
  expect(report.summary.complete).toBe(false);
  expect(report.notScanned).toMatchObject([{ state: 'failed', reason: 'unreadable', detail: 'ENAMETOOLONG' }]);
  expect(clean.stderr).not.toMatch(/\n\s+at /);

  writeFileSync(join(folder, 'a.env'), line);
  const found = await runCli(['scan', folder, '-f', 'json']);
  expect(found.code).toBe(1);
  expect(places(readJsonReport(found.stdout))).toEqual(['a.env:1']);
  expect(readJsonReport(found.stdout).summary.failed).toEqual({ unreadable: 1 });
});

test('a file without permission to read it is failed, and the others are scanned', async () => {
  const root = tempFolder();
  writeFileSync(join(root, 'closed.env'), line, { mode: 0o000 });
  writeFileSync(join(root, 'open.env'), `TOKEN=${githubToken('open')}\n`);
  // What a scan loads late is loaded by one before: the user that the other runs as may not be able to read it.
  const { ruleset } = await scanSettings();
  const before = tempFolder();
  writeFileSync(join(before, 'open.env'), `TOKEN=${githubToken('before')}\n`);
  expect((await realScan(createFilesSource({ root: before }), { settings: { ruleset } })).report.findings).toHaveLength(
    1,
  );
  const release = asNobody(root);
  try {
    const { report } = await realScan(createFilesSource({ root }), { settings: { ruleset } });
    expect(report.notScanned).toEqual([
      { state: 'failed', reason: 'unreadable', where: 'closed.env', detail: 'EACCES' },
    ]);
    expect(report.findings.flatMap(({ sightings }) => sightings.map(({ path }) => path))).toEqual(['open.env']);
  } finally {
    release();
  }
});

/** Permissions bind everyone but the superuser, so the superuser becomes somebody else for a while. */
function asNobody(root: string): () => void {
  if (process.getuid?.() !== 0) return () => undefined;
  execFileSync('chmod', ['755', root]);
  process.seteuid?.(65_534);
  return () => process.seteuid?.(0);
}

test('a file that grows while it is read: scanned as far as it was read, and the scan is incomplete', async () => {
  const folder = tempFolder();
  const path = join(folder, 'growing.log');
  writeFileSync(path, Buffer.concat([Buffer.from('first line\n'), Buffer.alloc(128 * MB, 'a line of the log\n')]));
  const writing = new AbortController();
  const scanned = runCli(['scan', folder, '-f', 'json']).finally(() => writing.abort());
  while (!writing.signal.aborted) {
    appendFileSync(path, 'one more\n');
    await setImmediate();
  }
  const { code, stdout } = await scanned;
  const report = readJsonReport(stdout);
  expect(report.notScanned).toMatchObject([{ state: 'failed', reason: 'changed-while-read', where: 'growing.log' }]);
  expect(report.summary).toMatchObject({ complete: false, texts: 1 });
  expect(code).toBe(2);
});

test('a 3 GB file is never read: it costs neither memory nor bytes', async () => {
  const folder = tempFolder();
  const file = openSync(join(folder, 'huge.log'), 'w');
  ftruncateSync(file, 3 * 1024 * MB);
  closeSync(file);
  const memory = measurePeakMemory();
  const { code, stdout } = await runCli(['scan', folder, '-f', 'json'], { env: memory.env });
  const report = readJsonReport(stdout);
  expect(code).toBe(0);
  expect(report.notScanned).toMatchObject([
    { state: 'excluded', reason: 'too-large', where: 'huge.log', detail: `${3 * 1024 * MB} bytes` },
  ]);
  expect(report.summary).toMatchObject({ complete: true, bytes: 0, texts: 0 });
  expect(memory.bytes()).toBeLessThan(400 * MB);
  // The operator may want to hear of it.
  expect((await runCli(['scan', folder, '--strict', '-q'])).code).toBe(2);
});

test(
  '200 MB on one line: the secret near its end is found, within 1.2 GB of memory',
  { timeout: 300_000 },
  async () => {
    const folder = tempFolder();
    const size = 200 * MB;
    const bytes = Buffer.alloc(size, '{"id":12,"name":"lorem ipsum"},');
    bytes.write(` ${token} `, size - 200, 'latin1');
    writeFileSync(join(folder, 'one-line.json'), bytes);
    const memory = measurePeakMemory();
    const { code, stdout } = await runCli(['scan', folder, '-f', 'json'], { env: memory.env });
    expect(code).toBe(1);
    expect(readJsonReport(stdout).findings.map(({ sightings }) => sightings)).toMatchObject([
      [{ path: 'one-line.json', line: 1, column: size - 200 + 2 }],
    ]);
    expect(memory.bytes()).toBeLessThan(1.2 * 1024 * MB);
    rmSync(folder, { recursive: true });
  },
);
