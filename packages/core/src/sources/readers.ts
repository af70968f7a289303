/** Readers by name. A worker loads only those that its jobs ask for. */
import type { Job, Reader } from '../types/index.ts';

type AnyReader = (job: never, sink: Parameters<Reader>[1], ctx: Parameters<Reader>[2]) => Promise<void>;

const READERS: Readonly<Record<string, () => Promise<AnyReader>>> = {
  'git-cat-file': async () => (await import('./git/cat-file-reader.ts')).readObjects,
  'git-deltas': async () => (await import('./git/pack-delta-reader.ts')).readDeltas,
  'git-trees': async () => (await import('./git/trees/tree-job.ts')).readTreeJob,
  'git-staged': async () => (await import('./git/staged-reader.ts')).readStaged,
  files: async () => (await import('./files/reader.ts')).readFiles,
  stdin: async () => (await import('./stdin-source.ts')).readGiven,
};

export const READER_NAMES: readonly string[] = Object.keys(READERS);

/** @throws Error for a name that no source gives. */
export async function loadReader(name: string): Promise<Reader> {
  const load = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (load === undefined) throw new Error(`no reader is named ${name}`);
  // Each reader takes the jobs that carry its name: source and reader are written together.
  return (await load()) as (job: Job, sink: Parameters<Reader>[1], ctx: Parameters<Reader>[2]) => Promise<void>;
}
