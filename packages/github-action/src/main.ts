/** The process edge: what the runner starts. */
import { failureLines } from 'unleak/failure';
import { processIo } from 'unleak/io';
import { runAction } from './action.ts';
import { plainLine } from './tell/command.ts';

const io = processIo();

async function failed(error: unknown): Promise<number> {
  for (const line of failureLines(error)) await io.stderr.write(`${plainLine(`unleak: ${line}`)}\n`);
  return 2;
}

// Set, not called with: what was written has to arrive.
void runAction(io)
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
