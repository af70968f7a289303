/** What is said on standard error beside the report: safe to show, out of the way of the progress bar. */
import { neutralise } from '@unleak/core';
import type { Io } from '../io.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

export interface MessageOptions {
  readonly quiet: boolean;
  readonly level: 'debug' | 'info' | 'warn';
  /** False: `tell` says nothing. */
  readonly tells?: boolean;
}

const ORDER: readonly Level[] = ['debug', 'info', 'warn', 'error'];

export interface Messages {
  readonly debugging: boolean;
  /** What is scanned and what was done; not with `--quiet`. */
  tell(text: string): void;
  log(level: Level, text: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
  /** Called around each line, so that a bar can make room. */
  around(room: (print: () => void) => void): void;
}

export function createMessages(io: Pick<Io, 'stderr'>, options: MessageOptions): Messages {
  const least = ORDER.indexOf(options.quiet ? 'error' : options.level);
  let room = (print: () => void): void => print();
  // Where standard error cannot be written to, there are still the report and the exit code.
  const write = (line: string): void => void io.stderr.write(`unleak: ${neutralise(line)}\n`).catch(() => undefined);
  const print = (line: string): void => room(() => write(line));
  return {
    debugging: options.level === 'debug',
    tell(text) {
      if (!options.quiet && options.tells !== false) print(text);
    },
    log(level, text, fields = {}) {
      if (ORDER.indexOf(level) < least) return;
      const details = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
      print([level === 'error' ? text : `${level}: ${text}`, ...details].join(' '));
    },
    around(next) {
      room = next;
    },
  };
}
