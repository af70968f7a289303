/** The entry of a worker thread: gets settings as worker data, unless its jobs have no texts, then jobs one by one. */
import { parentPort, workerData } from 'node:worker_threads';
import { useRe2Module } from '../engine/regex.ts';
import { defaultRuleset } from '../rules/default-ruleset.ts';
import type { Ruleset } from '../types/index.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';
import { runJob } from './run-job.ts';
import { createTextScanner, NO_SCANNER } from './text-scanner.ts';
import type { TextScanner } from './text-scanner.ts';

const port = parentPort;
if (port === null) throw new Error('this module runs in a worker thread');

const abort = new AbortController();
const post = (message: FromWorker): void => port.postMessage(message);
const scanner = scannerOf((workerData ?? undefined) as WorkerSettings | undefined);

let queue: Promise<void> = Promise.resolve();
port.on('message', (message: ToWorker) => {
  if (message.type === 'abort') {
    abort.abort();
    return;
  }
  queue = queue.then(async () => {
    const begun = !abort.signal.aborted;
    if (begun) await runJob(message.job, await scanner, post, abort.signal);
    post({ type: 'done', number: message.number, begun });
  });
});

async function scannerOf(given: WorkerSettings | undefined): Promise<TextScanner> {
  if (given === undefined) return NO_SCANNER;
  const { re2, changed, ...settings } = given;
  useRe2Module(re2);
  return createTextScanner({ ...settings, ruleset: await rulesOf(settings.ruleset) }, changed);
}

async function rulesOf(given: Ruleset | string): Promise<Ruleset> {
  const own = await defaultRuleset();
  if (typeof given !== 'string') return given;
  if (own.digest !== given) throw new Error('the rules were changed while the scan was started');
  return own;
}
