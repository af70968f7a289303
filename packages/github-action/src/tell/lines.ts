/** The lines on standard output, which everything says through. */
import type { Io } from 'unleak/io';

export interface Lines {
  /** Writes a line, without its break. */
  readonly command: (line: string) => void;
  /** Resolves when all of them were written; whoever reads the log may lack something else. @throws Error */
  written(): Promise<void>;
}

export function createLines({ write }: Pick<Io['stdout'], 'write'>): Lines {
  let last: Promise<unknown> = Promise.resolve();
  return {
    command(line) {
      last = Promise.all([last, write(`${line}\n`)]);
      // Nobody waits for it before the end.
      last.catch(() => undefined);
    },
    async written() {
      await last;
    },
  };
}
