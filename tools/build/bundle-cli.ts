/**
 * The bundle of the CLI: `entry.js` and `worker.js` as entries, everything that they import lazily in chunks beside them.
 * All files lie in one folder, so that `new URL('./worker.js', import.meta.url)` holds in each of them.
 */
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';

export interface BundleOptions {
  /** Source of the entry that `bin/` imports. */
  readonly entry: string;
  /** Source of the module that worker threads start with. */
  readonly worker: string;
  /** Replaced as a whole, but only after the bundle was made. */
  readonly outputFolder: string;
}

export async function bundleCli({ entry, worker, outputFolder }: BundleOptions): Promise<void> {
  const build = await rolldown({
    input: { entry, worker },
    platform: 'node',
    // A native module has to be loaded from where it was compiled.
    external: ['re2', /^node:/],
    resolve: { conditionNames: ['dev', 'node', 'import', 'default'] },
    plugins: [jsonAsText, workerBeside],
    onLog(level, log, pass) {
      if (level === 'warn') throw new Error(`the bundle has a flaw: ${log.message}`);
      pass(level, log);
    },
  });
  const draft = join(dirname(outputFolder), `.${basename(outputFolder)}.${process.pid}`);
  try {
    await build.write({
      dir: draft,
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      sourcemap: false,
      minify: false,
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
          "new URL('./worker.js', import.meta.url).href",
        ),
      };
    },
  },
};
