/**
 * The first module that runs: small, since a person waits for it. A scan and a hook take the short way, which loads neither yargs
 * nor what only other commands need.
 */
import { processIo } from './io.ts';
import { withoutCommands } from './runner-lines.ts';

async function start(args: readonly string[]): Promise<number> {
  const io = withoutCommands(processIo());
  if (args[0] === 'scan') {
    const { scanNow } = await import('./scan-now.ts');
    const code = await scanNow(args.slice(1), io);
    if (code !== undefined) return code;
  }
  if (args[0] === 'hook') {
    const { hookNow } = await import('./hook-now.ts');
    const code = await hookNow(args.slice(1), io);
    if (code !== undefined) return code;
  }
  const { main } = await import('./main.ts');
  return main(args, io);
}

/** What no command could tell. */
async function failed(error: unknown): Promise<number> {
  const { reportFailure } = await import('./failure.ts');
  return await reportFailure(error, processIo(), false);
}

void start(process.argv.slice(2))
  .catch(failed)
  .then(
    (code) => {
      process.exitCode = code;
    },
    () => {
      // Node's own code for an error that nobody takes, 1, would say that something was found.
      process.exitCode = 2;
    },
  );
