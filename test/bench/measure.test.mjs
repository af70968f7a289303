import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from './measure.mjs';

const folder = mkdtempSync(join(tmpdir(), 'unleak-measure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (script, ...more) => ({ command: process.execPath, args: ['-e', script, ...more] });
/** What is known only on Linux: there `least`, elsewhere nothing. */
const atLeast = (value, least) => (process.platform === 'linux' ? value >= least : value === undefined);

test('memory and CPU time are those of the whole tree', async () => {
  const child = `const block = Buffer.alloc(150e6, 1); const end = Date.now() + 400; while (Date.now() < end) block.fill(2);`;
  const parent = `const block = Buffer.alloc(100e6, 1); require('child_process').spawnSync(process.execPath, ['-e', process.argv[1]]); block.fill(3)`;
  const done = await run(node(parent, child));
  expect(done).toMatchObject({ code: 0, signal: null, timedOut: false });
  expect(atLeast(done.peakBytes, 250e6)).toBe(true);
  expect(atLeast(done.ownBytes, 250e6)).toBe(true);
  expect(atLeast(done.cpuSeconds, 0.1)).toBe(true);
});

test('exit codes and what a program prints are kept', async () => {
  const stdout = join(folder, 'out');
  const stderr = join(folder, 'err');
  const done = await run({ ...node('console.log("a"); console.error("b"); process.exitCode = 3'), stdout, stderr });
  expect(done.code).toBe(3);
  expect([readFileSync(stdout, 'utf8'), readFileSync(stderr, 'utf8')]).toEqual(['a\n', 'b\n']);
});

test('a program that takes too long is ended, with what it started', async () => {
  const stdout = join(folder, 'pid');
  const forever = 'setInterval(() => {}, 1000)';
  const parent = `const child = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}]); console.log(child.pid); ${forever}`;
  const done = await run({ ...node(parent), stdout }, { timeout: 1.5 });
  expect(done).toMatchObject({ timedOut: true, code: null });
  const pid = Number(readFileSync(stdout, 'utf8'));
  await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
});

test('a program that is not there is an error', async () => {
  await expect(run({ command: join(folder, 'nothing'), args: [] })).rejects.toThrow('ENOENT');
});

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
