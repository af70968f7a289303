/** Files that a module reads at run time, found by `new URL('./…', import.meta.url)`, go into the bundle beside it. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'rolldown';

const FILE_URL = /new URL\('(\.\/[^']*\/([^'/]+))', import\.meta\.url\)/g;

/** In source such a file lies in a folder of its own (`./generated/…`), which tells it from what lies beside the bundle. */
export const filesBeside: Plugin = {
  name: 'files-beside',
  transform: {
    filter: { code: FILE_URL },
    async handler(code, id) {
      for (const [, path = ''] of code.matchAll(FILE_URL)) {
        const file = join(dirname(id), path);
        this.addWatchFile(file);
        this.emitFile({ type: 'asset', fileName: basename(file), source: await readFile(file) });
      }
      return { code: code.replace(FILE_URL, "new URL('./$2', import.meta.url)") };
    },
  },
};
