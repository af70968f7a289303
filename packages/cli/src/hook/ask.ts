/** A question to the person at the terminal: hooks have something else on standard input, or nothing. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Io } from '../io.ts';

const MAX = 256;

/** True for yes; undefined where nobody can be asked. The text is neutralised already. */
export function askOnTerminal(question: string, { platform }: Pick<Io, 'platform'>): boolean | undefined {
  const [input, output] = platform === 'win32' ? ['\\\\.\\CONIN$', '\\\\.\\CONOUT$'] : ['/dev/tty', '/dev/tty'];
  let from: number | undefined;
  let to: number | undefined;
  try {
    from = openSync(input, 'r');
    to = openSync(output, 'w');
    writeSync(to, `${question} [y/N] `);
    const answer = Buffer.alloc(MAX);
    const length = readSync(from, answer);
    return /^\s*y(?:es)?\s*$/i.test(answer.toString('latin1', 0, length));
  } catch {
    // No terminal, as in CI or under a program with a window.
    return undefined;
  } finally {
    if (from !== undefined) closeSync(from);
    if (to !== undefined) closeSync(to);
  }
}
