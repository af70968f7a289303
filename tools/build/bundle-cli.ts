/**
 * The bundle of the CLI, and in the same way that of the GitHub Action: `entry.cjs` (`main.cjs`) and `worker.cjs` as
 * entries, and chunks beside them. All files lie in one folder, so that `new URL('./worker.cjs', import.meta.url)` holds in
 * each of them.
 *
 * It is made for the one who waits (docs/performance.md, "Start-up"): CommonJS, since importing `node:fs` into an ES module
 * makes Node load everything that `fs` could ever need; one chunk for what the scan of staged changes runs, since each
 * file costs a third of a millisecond; and modules that are seldom needed are required when they are first used.
 */
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import { filesBeside } from './files-beside.ts';
import { lateRequires } from './late-requires.ts';
import { leftOut } from './left-out.ts';
import { thirdParty } from './third-party.ts';

export interface BundleOptions {
  /** Source of the entry that `bin/` or the runner loads. */
  readonly entry: string;
  /** What the entry is called in the bundle, without `.cjs`; by default `entry`. */
  readonly entryName?: string;
  /** Source of the module that worker threads start with. */
  readonly worker: string;
  /** Sources that the quickest command runs: they and what they import become one chunk. */
  readonly together?: readonly string[];
  /** Modules of Node that take long to load are required when they are used; by default so. */
  readonly late?: boolean;
  /** Replaced as a whole, but only after the bundle was made. */
  readonly outputFolder: string;
}

export async function bundleCli({
  entry,
  entryName = 'entry',
  worker,
  together = [],
  late = true,
  outputFolder,
}: BundleOptions): Promise<void> {
  const build = await rolldown({
    input: { [entryName]: entry, worker },
    platform: 'node',
    external: [/^node:/],
    resolve: { conditionNames: ['dev', 'node', 'import', 'default'] },
    // yargs asks so for the file that a configuration of its own extends.
    transform: { define: { 'import.meta.resolve': 'require.resolve' } },
    plugins: [leftOut, jsonAsText, workerBeside, filesBeside, late ? lateRequires : [], asciiOnly, thirdParty],
    onLog(level, log, pass) {
      // Which of them end up in one chunk is decided here, not by how they import one another.
      if (log.code === 'INEFFECTIVE_DYNAMIC_IMPORT') return;
      if (level === 'warn') throw new Error(`the bundle has a flaw: ${log.message}`);
      pass(level, log);
    },
  });
  const draft = join(dirname(outputFolder), `.${basename(outputFolder)}.${process.pid}`);
  try {
    await build.write({
      dir: draft,
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
      assetFileNames: '[name][extname]',
      sourcemap: false,
      minify: false,
      codeSplitting:
        together.length === 0 ? true : { groups: [{ name: 'together', test: (id) => together.includes(id) }] },
    });
    await rm(outputFolder, { recursive: true, force: true });
    await rename(draft, outputFolder);
  } finally {
    await build.close();
    await rm(draft, { recursive: true, force: true });
  }
}

/** A large JSON file is read faster by JSON.parse than as a JavaScript literal. */
const jsonAsText: Plugin = {
  name: 'json-as-text',
  transform: {
    filter: { id: /\.json$/ },
    handler(code) {
      return {
        code: `export default JSON.parse(${JSON.stringify(JSON.stringify(JSON.parse(code)))});`,
        moduleType: 'js',
      };
    },
  },
};

/** In source, the worker is found through the exports of its package; in the bundle, beside the chunk that asks. */
const workerBeside: Plugin = {
  name: 'worker-beside',
  transform: {
    filter: { code: "import.meta.resolve('@unleak/core/worker')" },
    handler(code) {
      return {
        code: code.replaceAll(
          "import.meta.resolve('@unleak/core/worker')",
          "new URL('./worker.cjs', import.meta.url).href",
        ),
      };
    },
  },
};

/**
 * A source with any other character in it is held in two bytes each, and turned back into UTF-8 to be compared with what
 * the compile cache knows: half of the time that loading a chunk takes.
 */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  renderChunk(code) {
    if (/String\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error('a raw text cannot be written in ASCII');
    return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};
