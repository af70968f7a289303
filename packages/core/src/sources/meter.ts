import type { TextSink } from '../types/index.ts';

const PROGRESS_BYTES = 4 * 1024 * 1024;
const PROGRESS_OBJECTS = 4096;

/** Progress in pieces that are worth a message. */
export function createMeter(sink: Pick<TextSink, 'progress'>): { add(bytes: number): void; flush(): void } {
  let objects = 0;
  let read = 0;
  function flush(): void {
    if (objects > 0) sink.progress(objects, read);
    objects = 0;
    read = 0;
  }
  return {
    add(bytes) {
      objects += 1;
      read += bytes;
      if (read >= PROGRESS_BYTES || objects >= PROGRESS_OBJECTS) flush();
    },
    flush,
  };
}
