/** Scans the history of a repository with the fake engine, through git and without it. */
import { readdirSync } from 'node:fs';
import { detect } from '../../packages/core/src/sources/git/detect.ts';
import {
  createHistorySource,
  createNoGitSource,
  type HistoryOptions,
} from '../../packages/core/src/sources/git/history-source.ts';
import type { GitSighting, Sighting } from '../../packages/core/src/types/index.ts';
import { testAmbient } from './ambient.ts';
import { fakeScan, type FakeScan } from './fake-engine.ts';
import { makeTempDir } from './repo.ts';

export interface HistoryReader {
  readonly name: string;
  readonly create: typeof createHistorySource;
}

/** The same answers are expected whoever reads the objects. */
export const HISTORY_READERS: readonly HistoryReader[] = [
  { name: 'through git', create: createHistorySource },
  { name: 'without git', create: createNoGitSource },
];

export interface HistoryScan {
  readonly result: FakeScan;
  /** Temporary files that the source left behind. */
  readonly leftBehind: readonly string[];
}

export async function scanHistory(
  create: HistoryReader['create'],
  path: string,
  options: Partial<HistoryOptions> = {},
): Promise<HistoryScan> {
  const repository = await detect(path);
  if (repository.kind !== 'repository') throw new Error(`${path} is a ${repository.kind}`);
  const temporary = makeTempDir('door');
  const source = create({ repository, ...options }, testAmbient({ tmpdir: temporary.path }));
  try {
    const result = await fakeScan(source);
    await source.close();
    return { result, leftBehind: readdirSync(temporary.path) };
  } finally {
    await source.close();
    temporary.remove();
  }
}

export function sightingsOf(result: FakeScan, name: string): readonly Sighting[] {
  return result.located.filter(({ hit }) => hit.credential === `c1_${name}`).map(({ sighting }) => sighting);
}

export function gitSightingsOf(result: FakeScan, name: string): readonly GitSighting[] {
  return sightingsOf(result, name).filter((sighting) => sighting.kind === 'git');
}
