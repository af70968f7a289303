/**
 * Standard output and standard error. Node's own streams for them are made when they are needed: for a terminal, or when
 * a pipe is full. Whatever else they lead to is written to at once, as those streams would do; they only take longer to
 * load than most reports to write.
 */
import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';

export interface Output {
  readonly isTTY: boolean;
  readonly columns: number;
  /** Whole lines. `isData`: for programs. Resolves when it is written; `false` when nobody reads any more. */
  write(text: string, isData?: boolean): Promise<boolean>;
  /** The stream itself, for libraries that draw. */
  readonly stream: NodeJS.WritableStream;
}

/** `open` gives Node's stream for the file descriptor. */
export function openOutput(fd: number, open: () => NodeJS.WriteStream, platform: NodeJS.Platform): Output {
  let opened: NodeJS.WriteStream | undefined;
  let isOpen = true;
  let broken: Error | undefined;
  // Consoles of Windows have encodings of their own.
  const isPlain = platform !== 'win32' && leadsToNoTerminal(fd);

  function stream(): NodeJS.WriteStream {
    if (opened !== undefined) return opened;
    opened = open();
    opened.on('error', fail);
    return opened;
  }

  /** A reader that has seen enough, such as `head`, is a normal end. */
  function fail(error: Error): void {
    isOpen = false;
    if (codeOf(error) !== 'EPIPE') broken = error;
  }

  function writeToStream(text: string | Uint8Array): Promise<boolean> {
    return new Promise((resolve, reject) => {
      stream().write(text, (error) => {
        if (error === null || error === undefined) resolve(true);
        else if (codeOf(error) === 'EPIPE') resolve(false);
        else reject(error);
      });
    });
  }

  return {
    get isTTY() {
      return isPlain ? false : stream().isTTY;
    },
    get columns() {
      return isPlain ? 80 : (stream().columns ?? 80);
    },
    get stream() {
      return stream();
    },
    async write(text) {
      if (isOpen && isPlain && opened === undefined) {
        const bytes = Buffer.from(text);
        try {
          const rest = bytes.subarray(writeNow(fd, bytes));
          return rest.length === 0 || (await writeToStream(rest));
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          fail(error);
        }
      }
      if (isOpen) return await writeToStream(text);
      if (broken !== undefined) throw broken;
      return false;
    },
  };
}

function leadsToNoTerminal(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    if (stats.isFile() || stats.isFIFO() || stats.isSocket()) return true;
    return stats.isCharacterDevice() && stats.rdev === statSync(devNull).rdev;
  } catch {
    return false;
  }
}

/** Gives how many bytes were written: fewer than all when a pipe that does not wait is full. */
function writeNow(fd: number, bytes: Uint8Array): number {
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') return done;
      throw error;
    }
  }
  return done;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
