import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Output } from '../output.ts';
import { wantsColour } from './colour.ts';
import { createMessages } from './messages.ts';
import { createProgressBar } from './progress.ts';
import { writeReport, writeWhole } from './write-report.ts';

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'unleak-test-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** An output that keeps what is written. */
function output(isTTY: boolean): Output & { text: () => string } {
  let text = '';
  const stream = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString();
        done();
      },
    }),
    { isTTY, columns: 80, cursorTo: () => true, clearLine: () => true, moveCursor: () => true },
  );
  return { isTTY, columns: 80, stream, write: (part) => ((text += part), Promise.resolve(true)), text: () => text };
}

test.each<readonly [env: object, isTTY: boolean, noColor: boolean, expected: boolean]>([
  [{}, true, false, true],
  [{}, false, false, false],
  [{}, true, true, false],
  [{ NO_COLOR: '1' }, true, false, false],
  [{ NO_COLOR: '' }, true, false, true],
  [{ FORCE_COLOR: '1' }, false, false, true],
  [{ FORCE_COLOR: '0' }, true, false, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, false, true],
  [{ FORCE_COLOR: '1' }, true, true, false],
  [{ TERM: 'dumb' }, true, false, false],
])('colours: environment %j, terminal %s, --no-color %s: %s', (env, isTTY, noColor, expected) => {
  expect(wantsColour({ env: env as Readonly<Record<string, string>> }, { isTTY }, noColor)).toBe(expected);
});

test('messages are neutralised, and --quiet leaves errors alone', () => {
  const stderr = output(false);
  const messages = createMessages({ stderr }, { quiet: false, level: 'warn' });
  messages.tell('scanning a\u001b[31m\nb');
  messages.log('info', 'not told');
  messages.log('warn', 'told', { count: 2 });
  expect(stderr.text()).toBe('unleak: scanning a\\x1b[31m\\nb\nunleak: warn: told count=2\n');
  const silent = output(false);
  const quiet = createMessages({ stderr: silent }, { quiet: true, level: 'debug' });
  quiet.tell('x');
  quiet.log('warn', 'x');
  quiet.log('error', 'told');
  expect(silent.text()).toBe('unleak: told\n');
});

test('the bar comes on a terminal after a second, never in a pipe, and makes room for messages', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const progress = {
    phase: 'scan',
    objects: 5,
    totalObjects: 10,
    bytes: 5 << 20,
    totalBytes: 10 << 20,
    credentials: 1,
  } as const;
  const shown = await Promise.all(
    [true, false].map(async (isTTY) => {
      const stderr = output(isTTY);
      const messages = createMessages({ stderr }, { quiet: false, level: 'warn' });
      const bar = createProgressBar({ stderr, env: {} }, messages, true);
      bar.update(progress);
      await vi.advanceTimersByTimeAsync(900);
      const early = stderr.text();
      await vi.advanceTimersByTimeAsync(200);
      await vi.dynamicImportSettled();
      await vi.advanceTimersByTimeAsync(1000);
      messages.tell('a message');
      bar.update({ ...progress, bytes: 6 << 20 });
      bar.stop();
      bar.stop();
      return { early, late: stderr.text() };
    }),
  );
  expect(shown.map(({ early }) => early)).toEqual(['', '']);
  expect(shown[0]?.late).toContain('5 of 10 objects | 5 MB | 1 candidate');
  expect(shown[0]?.late).toContain('unleak: a message\n');
  expect(shown[1]?.late).toBe('unleak: a message\n');
});

test('a file is written whole, keeps its mode, and a failing report leaves the old one and no draft', async () => {
  const dir = folder();
  const path = join(dir, 'report.json');
  writeFileSync(path, 'old', { mode: 0o600 });
  await writeWhole(path, ['a', 'b']);
  expect({ text: readFileSync(path, 'utf8'), mode: statSync(path).mode & 0o777, names: readdirSync(dir) }).toEqual({
    text: 'ab',
    mode: 0o600,
    names: ['report.json'],
  });
  function* failing(): Generator<string> {
    yield 'x'.repeat(100_000);
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  }
  await expect(writeWhole(path, failing())).rejects.toThrow(
    `${path}: the file cannot be written: no space left on the device`,
  );
  expect({ text: readFileSync(path, 'utf8'), names: readdirSync(dir) }).toEqual({ text: 'ab', names: ['report.json'] });
  mkdirSync(join(dir, 'folder'));
  await expect(writeWhole(join(dir, 'folder'), ['x'])).rejects.toThrow('is a directory');
});

test('on standard output a reader that went away ends the writing', async () => {
  let calls = 0;
  const stdout: Output = { ...output(false), write: () => (calls++, Promise.resolve(false)) };
  await writeReport(
    Array.from({ length: 10 }, () => 'x'.repeat(100_000)),
    undefined,
    { stdout, cwd: '/' },
  );
  expect(calls).toBe(1);
});
