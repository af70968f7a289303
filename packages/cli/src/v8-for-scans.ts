import { setFlagsFromString } from 'node:v8';

/** Sets V8 up for a scan that may take a while, in all threads; before workers are started. */
export function prepareV8ForScans(): void {
  keepYoungGenerationSmall();
  optimizeLate();
}

/**
 * Keeps V8 from making the young generation of this thread larger, which it does under load and never takes back: on a
 * large history some 60 MB, for nothing that could be measured. Workers have a limit of their own
 * (pipeline/started-worker.ts); the main thread has this flag alone, which V8 reads whenever it is about to grow.
 */
function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Lets V8 optimize a function in earnest only when it was called twenty times as often as it would wait for otherwise: what
 * runs long is WebAssembly, and in a scan of a second that work, anew in each thread, is a fourth of the CPU and never
 * pays. On a large history it makes no difference that could be measured.
 */
function optimizeLate(): void {
  setFlagsFromString('--invocation-count-for-turbofan=60000');
}
