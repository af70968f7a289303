import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { openOutput, type Output } from './output.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'unleak-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function opened(path: string, flags: string | number): number {
  const fd = openSync(path, flags);
  onTestFinished(() => closeSync(fd));
  return fd;
}

/** With a stream that keeps what it gets; `streams` counts how often it was asked for. */
function outputTo(fd: number): { output: Output; kept: () => string; streams: () => number } {
  let kept = '';
  let streams = 0;
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      kept += chunk.toString();
      done();
    },
  });
  const open = (): NodeJS.WriteStream => {
    streams += 1;
    return stream as unknown as NodeJS.WriteStream;
  };
  return { output: openOutput(fd, open, 'linux'), kept: () => kept, streams: () => streams };
}

test('a file is written to at once, and needs no stream', async () => {
  const path = join(folder(), 'out');
  const { output, streams } = outputTo(opened(path, 'w'));
  expect(await output.write('ä\n')).toBe(true);
  expect(await output.write('b\n')).toBe(true);
  expect({ isTTY: output.isTTY, columns: output.columns, streams: streams() }).toEqual({
    isTTY: false,
    columns: 80,
    streams: 0,
  });
  expect(readFileSync(path, 'utf8')).toBe('ä\nb\n');
});

test('nor does the null device; any other device is left to its stream', async () => {
  const nowhere = outputTo(opened(devNull, 'w'));
  expect(await nowhere.output.write('a')).toBe(true);
  expect(nowhere.streams()).toBe(0);
  const zero = outputTo(opened('/dev/zero', 'w'));
  expect(await zero.output.write('a')).toBe(true);
  expect(zero.kept()).toBe('a');
});

test('what a full pipe does not take goes to the stream, and so does all that follows', async () => {
  const pipe = join(folder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const fd = opened(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const { output, kept, streams } = outputTo(fd);
  const text = 'x'.repeat(100_000) + 'y'.repeat(100_000);
  expect(await output.write(text)).toBe(true);
  expect(await output.write('z')).toBe(true);
  expect(streams()).toBe(1);
  const buffer = Buffer.alloc(200_000);
  const inPipe = buffer.toString('latin1', 0, readSync(fd, buffer));
  expect(inPipe.length).toBeGreaterThan(0);
  expect(inPipe + kept()).toBe(`${text}z`);
});

test('a reader that went away is a normal end, a file that cannot be written is not', async () => {
  const pipe = join(folder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const gone = outputTo(opened(pipe, constants.O_WRONLY));
  closeSync(reader);
  expect(await gone.output.write('a')).toBe(false);
  expect(await gone.output.write('b')).toBe(false);
  const readOnly = outputTo(opened(join(import.meta.dirname, 'output.ts'), 'r'));
  await expect(readOnly.output.write('a')).rejects.toThrow('EBADF');
  await expect(readOnly.output.write('b')).rejects.toThrow('EBADF');
});
