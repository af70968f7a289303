import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from making the young generation of this thread larger, which it does under load and never takes back: on a
 * large history some 60 MB, for nothing that could be measured. Workers have a limit of their own (pipeline/pool.ts); the
 * main thread has this flag alone, which V8 reads whenever it is about to grow.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
