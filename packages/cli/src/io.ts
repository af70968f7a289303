/** What the commands know of the process: handed to them by the process edge, so that tests can run them in theirs. */
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { openOutput, type Output } from './output.ts';

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @throws NodeJS.ErrnoException where it was deleted, which is of no matter to whoever does not ask for it */
  readonly cwd: string;
  /** `undefined` for a user who has none, such as one that only a container knows. */
  readonly home: string | undefined;
  readonly tmpdir: string;
  readonly platform: NodeJS.Platform;
  readonly uid: number | undefined;
  readonly parallelism: number;
  /** How this very program is started again; absolute paths. */
  readonly program: { readonly node: string; readonly script: string };
  readonly now: () => Date;
  /** Milliseconds since the process was started. */
  readonly sinceStart: () => number;
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
    get cwd() {
      return process.cwd();
    },
    home: home(),
    tmpdir: tmpdir(),
    platform: process.platform,
    uid: process.getuid?.(),
    parallelism: availableParallelism(),
    program: { node: process.execPath, script: process.argv[1] ?? '' },
    now: () => new Date(),
    sinceStart: () => performance.now(),
    stdout: openOutput(1, () => process.stdout, process.platform),
    stderr: openOutput(2, () => process.stderr, process.platform),
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

/** The same but for `changes`; what is asked of the process at the time is still asked only then. */
export function changedIo(io: Io, changes: Partial<Io>): Io {
  // Not assigned: what has a getter cannot be.
  return Object.create(io, Object.getOwnPropertyDescriptors(changes)) as Io;
}

function home(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
