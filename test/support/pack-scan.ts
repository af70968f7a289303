/** Scans what packs and loose objects of object directories hold, by deltas, as a worker would. */
import { createTextScanner, type TextScanner } from '../../packages/core/src/pipeline/text-scanner.ts';
import type { TextScanSettings } from '../../packages/core/src/pipeline/messages.ts';
import type { DeltaJob } from '../../packages/core/src/sources/git/delta-job.ts';
import { planDeltas, type PlanOptions } from '../../packages/core/src/sources/git/delta-plan.ts';
import { isLfsPointer } from '../../packages/core/src/sources/lfs-pointer.ts';
import { isBinary } from '../../packages/core/src/sources/binary.ts';
import { readDeltas } from '../../packages/core/src/sources/git/pack-delta-reader.ts';
import { openForest } from '../../packages/core/src/sources/git/pack/forest.ts';
import type { NotScanned, TextSink } from '../../packages/core/src/types/index.ts';

export interface PackScan {
  /** By object id: what is reported of the text, as JSON; '' for a text of which there is nothing to say. */
  readonly said: ReadonlyMap<string, string>;
  /** Texts that were said to derive from others, and how long the longest chain of such was. */
  readonly derived: number;
  readonly deepest: number;
  readonly events: readonly NotScanned[];
}

export async function scanPacks(
  objectDirs: readonly string[],
  settings: TextScanSettings,
  options: Partial<PlanOptions> = {},
  replan: (jobs: readonly DeltaJob[]) => readonly DeltaJob[] = (jobs) => jobs,
): Promise<PackScan> {
  const forest = await openForest(objectDirs, 'sha1');
  const plan = planDeltas(forest, objectDirs, {
    maxTextBytes: 1e7,
    allowMissing: false,
    verifyObjects: true,
    where: 'history',
    ...options,
  });
  const scanner = createTextScanner(settings);
  const said = new Map<string, string>();
  const events: NotScanned[] = [];
  let derived = 0;
  let deepest = 0;
  const depths: number[] = [];
  const sink: TextSink = {
    text(text) {
      const id = text.id.replace('git:', '');
      if (said.has(id)) throw new Error(`${id} is pushed twice`);
      said.set(id, asText(scanner, { ...text, id, bytes: text.bytes }));
      const depth = text.inherit === undefined ? 0 : (depths[text.inherit.base] ?? 0) + 1;
      if (text.keep !== undefined) depths[text.keep] = depth;
      if (depth > 0) derived += 1;
      deepest = Math.max(deepest, depth);
    },
    notScanned: (event) => events.push(event),
    progress: () => undefined,
  };
  for (const job of replan(plan.jobs)) await readDeltas(job, sink, { signal: new AbortController().signal });
  return { said, derived, deepest, events };
}

/** The same of objects by themselves; what looks binary is left out. */
export function scanEach(
  blobs: Iterable<readonly [id: string, bytes: Uint8Array]>,
  settings: TextScanSettings,
): ReadonlyMap<string, string> {
  const scanner = createTextScanner({ ...settings, inherit: false });
  const said = new Map<string, string>();
  for (const [id, bytes] of blobs)
    if (!said.has(id) && !isBinary(bytes) && !isLfsPointer(bytes)) said.set(id, asText(scanner, { id, bytes }));
  return said;
}

function asText(scanner: TextScanner, text: Parameters<TextScanner['scan']>[0]): string {
  const report = scanner.scan(text);
  return report === undefined ? '' : JSON.stringify(report);
}

/** Ids of texts of which the one says something else than the other. */
export function differencesOf(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((id) => one.get(id) !== other.get(id));
}
