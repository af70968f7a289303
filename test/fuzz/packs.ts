/**
 * Fuzz run over packs, indexes and loose objects:
 *
 *     npm run exec -- node --conditions=dev test/fuzz/packs.ts [--seed N] [--count N] [--recipe FILE]
 *
 * Inputs are repositories that a number makes and damages; what fails is printed as a recipe for test/fuzz/corpus. The
 * inputs run in a thread of their own, and one that takes longer than 30 seconds counts as a hang.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Recipe, recipeOf, tryRecipe } from './pack-recipe.ts';

const HANG_MS = 30_000;

interface Settings {
  readonly first: number;
  readonly count: number;
  readonly folder: string;
  readonly recipe: Recipe | undefined;
}

type Report =
  | { readonly type: 'begins'; readonly recipe: Recipe }
  | { readonly type: 'failed'; readonly recipe: Recipe; readonly faults: readonly string[] }
  | { readonly type: 'done'; readonly texts: number; readonly events: number };

async function runAll({ first, count, folder, recipe }: Settings): Promise<void> {
  const post = (report: Report): void => parentPort?.postMessage(report);
  let texts = 0;
  let events = 0;
  for (let number = 0; number < count; number += 1) {
    const each = recipe ?? recipeOf(first + number);
    post({ type: 'begins', recipe: each });
    try {
      const outcome = await tryRecipe(each, join(folder, 'objects'));
      texts += outcome.texts;
      events += outcome.events;
      if (outcome.faults.length > 0) post({ type: 'failed', recipe: each, faults: outcome.faults });
    } catch (error) {
      post({ type: 'failed', recipe: each, faults: [error instanceof Error ? (error.stack ?? '') : String(error)] });
    }
  }
  post({ type: 'done', texts, events });
}

async function watch(settings: Settings): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: settings });
  const { promise, resolve } = Promise.withResolvers<number>();
  const started = performance.now();
  let failures = 0;
  let inputs = 0;
  let current: Recipe | undefined;
  let since = performance.now();
  let peak = 0;
  const tell = (recipe: Recipe | undefined, faults: readonly string[]): void => {
    failures += 1;
    console.log(`${JSON.stringify(recipe)}\n  ${faults.join('\n  ')}`);
  };
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
    if (performance.now() - since < HANG_MS) return;
    tell(current, ['it hangs']);
    resolve(failures);
  }, 500);
  worker.on('message', (report: Report) => {
    since = performance.now();
    if (report.type === 'begins') {
      inputs += 1;
      current = report.recipe;
    } else if (report.type === 'failed') {
      tell(report.recipe, report.faults);
    } else {
      const seconds = (performance.now() - started) / 1000;
      console.log(
        `${inputs} inputs from seed ${settings.first} in ${seconds.toFixed(0)} s: ${report.texts} texts, ${report.events} events, ${failures} failures; peak ${Math.round(peak / 2 ** 20)} MiB`,
      );
      resolve(failures);
    }
  });
  worker.on('error', (error) => {
    tell(current, [error instanceof Error ? (error.stack ?? '') : String(error)]);
    resolve(failures);
  });
  const result = await promise;
  clearInterval(timer);
  await worker.terminate();
  return result;
}

if (isMainThread) {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, count: { type: 'string' }, recipe: { type: 'string' } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'unleak-fuzz-'));
  try {
    const recipe =
      values.recipe === undefined ? undefined : (JSON.parse(readFileSync(values.recipe, 'utf8')) as Recipe);
    const count = recipe === undefined ? Number(values.count ?? 10_000) : 1;
    process.exitCode = (await watch({ first: Number(values.seed ?? 1), count, folder, recipe })) > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  await runAll(workerData as Settings);
}
