import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { loadUserKey, UserKeyError } from './user-key.ts';
import type { UserKey } from './user-key.ts';

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

function place(): string {
  const base = mkdtempSync(join(tmpdir(), 'key-'));
  made.push(base);
  return join(base, 'share', 'unleak');
}

const load = (directory: string | undefined, platform = 'linux'): UserKey =>
  loadUserKey({ directory, platform, random: (n) => randomBytes(n) });

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UserKeyError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}

test('the key is made once, private, and is the same from then on', () => {
  const directory = place();
  const first = load(directory);
  expect([first.origin, first.key.length]).toEqual(['made', 32]);
  expect(load(directory)).toEqual({ key: first.key, origin: 'stored' });
  expect(statSync(join(directory, 'key')).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(readdirSync(directory)).toEqual(['key']);
});

test('two places have two keys', () => {
  expect(load(place()).key).not.toEqual(load(place()).key);
});

test('many threads that make the key at once get the same one', async () => {
  const directory = place();
  const start = new Int32Array(new SharedArrayBuffer(4));
  const program = `
    import { randomBytes } from 'node:crypto';
    import { parentPort, workerData } from 'node:worker_threads';
    import { loadUserKey } from ${JSON.stringify(new URL('./user-key.ts', import.meta.url).href)};
    parentPort.postMessage('ready');
    Atomics.wait(workerData.start, 0, 0);
    const { key } = loadUserKey({ directory: workerData.directory, platform: 'linux', random: (n) => randomBytes(n) });
    parentPort.postMessage(Buffer.from(key).toString('hex'));
  `;
  const workers = Array.from(
    { length: 8 },
    () =>
      new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData: { start, directory } }),
  );
  let ready = 0;
  const keys = await Promise.all(
    workers.map(
      (worker) =>
        new Promise<string>((resolve, reject) => {
          worker.on('error', reject);
          worker.on('message', (message: string) => {
            if (message !== 'ready') resolve(message);
            else if (++ready === workers.length) {
              Atomics.store(start, 0, 1);
              Atomics.notify(start, 0);
            }
          });
        }),
    ),
  );
  expect(new Set(keys)).toEqual(new Set([readFileSync(join(directory, 'key')).toString('hex')]));
  expect(readdirSync(directory)).toEqual(['key']);
});

test('a key that others can read is refused, except where there are no modes', () => {
  const directory = place();
  const { key } = load(directory);
  chmodSync(join(directory, 'key'), 0o640);
  expect(codeOf(() => load(directory))).toBe('not-private');
  expect(load(directory, 'win32').key).toEqual(key);
});

test('a damaged key is refused, and its bytes are not told', () => {
  const directory = place();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'key'), 'only-part-of-a-key', { mode: 0o600 });
  expect(codeOf(() => load(directory))).toBe('damaged');
  expect(() => load(directory)).toThrow(/is damaged: delete it$/);
  expect(() => load(directory)).not.toThrow(/only-part/);
});

test('where nothing can be stored, the key is for this run alone', () => {
  expect(load(undefined)).toMatchObject({ origin: 'ephemeral' });
  const directory = place();
  const file = join(directory, '..', '..', 'file');
  writeFileSync(file, '');
  const key = load(join(file, 'unleak'));
  expect([key.origin, key.key.length]).toEqual(['ephemeral', 32]);
});
