import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { uploadArtifact } from './artifact.ts';
import type { TellIo } from './options.ts';

export interface TellIoOptions {
  /** Writes a line, without its break, on standard output. */
  readonly command: (line: string) => void;
  /** The runner's GITHUB_STEP_SUMMARY. */
  readonly summaryFile: string | undefined;
  /** The checkout, an absolute path: a link in it does not lead files out of it. */
  readonly workspace: string;
}

export function createTellIo({ command, summaryFile, workspace }: TellIoOptions): TellIo {
  return {
    command,
    appendSummary:
      summaryFile === undefined || summaryFile === '' ? undefined : (markdown) => appendFile(summaryFile, markdown),
    async writeFile(path, parts) {
      const folder = dirname(path);
      if (isInside(path, workspace) && !isInside(await existing(folder), await realpath(workspace))) {
        throw new Error('a link in the checkout leads its folder elsewhere');
      }
      await mkdir(folder, { recursive: true });
      // Renamed over what is there: a link at the path itself is replaced, and nobody reads half a file.
      const temporary = join(folder, `.${basename(path)}.${randomUUID()}`);
      try {
        await writeFile(temporary, parts, { flag: 'wx' });
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    uploadArtifact,
  };
}

/** Where the nearest folder that exists really is. */
async function existing(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    const parent = dirname(folder);
    return parent === folder ? folder : await existing(parent);
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
}
