/** Temporary directories that are removed whatever happens: by their owner, or all at once when the process must end. */
import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ambient } from './ambient.ts';

export interface Temporary {
  readonly path: string;
  /** Safe to call twice. */
  remove(): Promise<void>;
}

const alive = new Set<string>();

/** Makes a private directory (mode 0700). `label` is a short word that becomes part of its name. */
export async function makeTemporary(ambient: Ambient, label: string): Promise<Temporary> {
  const path = await mkdtemp(join(await realpath(ambient.tmpdir), `unleak-${label}-`));
  alive.add(path);
  return {
    path,
    async remove() {
      if (!alive.delete(path)) return;
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** For signal handlers: removes, synchronously, every temporary directory that is still there. */
export function removeTemporaryNow(): void {
  for (const path of alive) {
    alive.delete(path);
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // The process is ending; a directory that cannot go now is left to the system's own clean-up.
    }
  }
}
