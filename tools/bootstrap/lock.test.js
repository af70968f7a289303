import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from './lock.mjs';

let folder = '';
let lock = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unleak-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that has ended: its id is known to be free, or at least was a moment ago. */
async function endedProcess() {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  return child.pid;
}

function leaveLock(owner, name = 'left') {
  mkdirSync(lock);
  writeFileSync(join(lock, name), JSON.stringify(owner));
}

test('a lock that was released leaves nothing behind', async () => {
  const release = await takeLock(lock);
  expect(existsSync(lock)).toBe(true);
  release();
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a second taker waits for the first, is told whose it is, and gets it then', async () => {
  const release = await takeLock(lock);
  const waited = [];
  const second = takeLock(lock, (pid) => {
    waited.push(pid);
    release();
  });
  (await second)();
  expect(waited).toEqual([process.pid]);
});

test('the lock of a process that ended is taken over at once', async () => {
  leaveLock({ pid: await endedProcess(), host: hostname() });
  const release = await takeLock(lock, () => expect.unreachable());
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock without a sign of life for minutes is taken over, whoever has its number now', async () => {
  leaveLock({ pid: process.pid, host: hostname() });
  const old = new Date(Date.now() - 10 * 60_000);
  utimesSync(join(lock, 'left'), old, old);
  (await takeLock(lock, () => expect.unreachable()))();
});

test('a lock of another machine counts while it shows life', async () => {
  leaveLock({ pid: await endedProcess(), host: 'another-machine' });
  let waited = false;
  const release = await takeLock(lock, () => {
    waited = true;
    rmSync(lock, { recursive: true });
  });
  release();
  expect(waited).toBe(true);
});

test('of many processes that find a dead lock, one at a time has it', async () => {
  leaveLock({ pid: await endedProcess(), host: hostname() });
  const log = join(folder, 'log');
  const script = `
    import { appendFileSync } from 'node:fs';
    import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.mjs'))};
    for (let i = 0; i < 5; i++) {
      const release = await takeLock(${JSON.stringify(lock)});
      appendFileSync(${JSON.stringify(log)}, 'in ');
      await new Promise((resolve) => setImmediate(resolve));
      appendFileSync(${JSON.stringify(log)}, 'out ');
      release();
    }`;
  const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', script]));
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(20));
  expect(existsSync(lock)).toBe(false);
});
