/**
 * In a step of GitHub Actions the runner reads what is printed: `::name::` at the beginning of a line is a command to it, and
 * `##[name]` anywhere. Names of files and the like are printed as they are, and must not become one.
 */
import { changedIo, type Io } from './io.ts';
import type { Output } from './output.ts';

/** The same, with outputs that give no commands where a runner would take them. */
export function withoutCommands(io: Io): Io {
  if (io.env['GITHUB_ACTIONS'] !== 'true') return io;
  return changedIo(io, { stdout: guarded(io.stdout), stderr: guarded(io.stderr) });
}

function guarded(output: Output): Output {
  return {
    get isTTY() {
      return output.isTTY;
    },
    get columns() {
      return output.columns;
    },
    get stream() {
      return output.stream;
    },
    write: (text, isData) => output.write(plainLines(isData === true ? text : text.replaceAll('##[', '# #['))),
  };
}

/**
 * Whole lines, of which none begins with `::`, behind whatever blanks. No format for programs has such a line, so that those stay
 * as they are.
 */
function plainLines(text: string): string {
  return text.includes('::') ? text.replace(/^(?=[^\S\n]*::)/gm, '> ') : text;
}
