import { tmpdir } from 'node:os';
import type { Ambient } from '../../packages/core/src/sources/ambient.ts';

/** The machine as tests see it: nothing of its environment but PATH. */
export function testAmbient(changes: Partial<Ambient> = {}): Ambient {
  return { env: { PATH: process.env['PATH'] }, tmpdir: tmpdir(), uid: process.getuid?.(), parallelism: 2, ...changes };
}
