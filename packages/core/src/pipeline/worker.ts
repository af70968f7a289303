/** The entry of a worker thread: gets settings as worker data, then jobs one by one. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, TextScanSettings, ToWorker } from './messages.ts';
import { runJob } from './run-job.ts';
import { createTextScanner } from './text-scanner.ts';

const port = parentPort;
if (port === null) throw new Error('this module runs in a worker thread');

const scanner = createTextScanner(workerData as TextScanSettings);
const abort = new AbortController();
const post = (message: FromWorker): void => port.postMessage(message);

let queue: Promise<void> = Promise.resolve();
port.on('message', (message: ToWorker) => {
  if (message.type === 'abort') {
    abort.abort();
    return;
  }
  queue = queue.then(async () => {
    if (!abort.signal.aborted) await runJob(message.job, scanner, post, abort.signal);
    post({ type: 'done', number: message.number });
  });
});
