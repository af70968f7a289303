/** The process, as the session of the command line wants to see it, on a runner. */
import { changedIo, type Io } from 'unleak/io';
import { plainLine } from './tell/command.ts';

/** Everything goes to standard output, in order; no line of it is a command to the runner. `folder`: the checkout. */
export function runnerIo(io: Io, folder: string): Io {
  const write = async (text: string): Promise<boolean> => {
    const lines = text.split('\n');
    return await io.stdout.write(
      lines.map((line, i) => (line === '' && i === lines.length - 1 ? '' : plainLine(line))).join('\n'),
    );
  };
  const output = { isTTY: false, columns: 100, write, stream: io.stdout.stream };
  return changedIo(io, {
    cwd: folder,
    // A checkout is often mounted from another user's folder. What it borrows objects from was chosen by whoever made it,
    // which is the job itself.
    uid: undefined,
    stdout: output,
    stderr: output,
  });
}
