/** What the commands know of the process: handed to them by the process edge, so that tests can run them in theirs. */
import { availableParallelism, homedir, tmpdir } from 'node:os';

export interface Output {
  readonly isTTY: boolean;
  readonly columns: number;
  /** Resolves when the stream takes more; `false` when nobody reads any more. */
  write(text: string): Promise<boolean>;
  /** The stream itself, for libraries that draw. */
  readonly stream: NodeJS.WritableStream;
}

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly tmpdir: string;
  readonly platform: NodeJS.Platform;
  readonly uid: number | undefined;
  readonly parallelism: number;
  readonly now: () => Date;
  readonly stdout: Output;
  readonly stderr: Output;
  readStdin(): Promise<Uint8Array>;
  /** Calls back for each SIGINT, SIGTERM or SIGHUP; gives a function that takes the handler away. */
  onSignal(handler: (signal: NodeJS.Signals) => void): () => void;
  /** Ends the process at once, whatever is still going on. */
  exitNow(code: number): void;
}

export function processIo(): Io {
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    tmpdir: tmpdir(),
    platform: process.platform,
    uid: process.getuid?.(),
    parallelism: availableParallelism(),
    now: () => new Date(),
    stdout: output(() => process.stdout),
    stderr: output(() => process.stderr),
    readStdin,
    onSignal(handler) {
      const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
      for (const signal of signals) process.on(signal, handler);
      return () => {
        for (const signal of signals) process.removeListener(signal, handler);
      };
    },
    // Only for a second interrupt: everything else ends by itself, so that what was written arrives.
    exitNow: (code) => process.exit(code),
  };
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** `open` gives the stream; Node makes it when it is first asked for, which takes it some time. */
function output(open: () => NodeJS.WriteStream): Output {
  let opened: NodeJS.WriteStream | undefined;
  let isOpen = true;
  let broken: Error | undefined;

  function stream(): NodeJS.WriteStream {
    if (opened !== undefined) return opened;
    opened = open();
    opened.on('error', (error: NodeJS.ErrnoException) => {
      isOpen = false;
      // A reader that has seen enough, such as `head`, is a normal end.
      if (error.code !== 'EPIPE') broken = error;
    });
    return opened;
  }

  return {
    get isTTY() {
      return stream().isTTY;
    },
    get columns() {
      return stream().columns ?? 80;
    },
    get stream() {
      return stream();
    },
    write(text) {
      if (!isOpen) return broken === undefined ? Promise.resolve(false) : Promise.reject(broken);
      return new Promise((resolve, reject) => {
        stream().write(text, (error) => {
          if (error === null || error === undefined) resolve(true);
          else if ((error as NodeJS.ErrnoException).code === 'EPIPE') resolve(false);
          else reject(error);
        });
      });
    },
  };
}
