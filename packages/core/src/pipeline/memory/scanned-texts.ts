/** After a scan: which objects were scanned by now, from what jobs noted and what was known before and is still there. */
import type { DeltaJob } from '../../sources/git/delta-plan.ts';
import { createOidTable } from '../../sources/git/oid.ts';
import type { TextReport } from '../../types/index.ts';
import { indexOfText, type KnownTexts } from './known-texts.ts';

export interface Before {
  readonly known: KnownTexts | undefined;
  /** By index: 1 where the repository still has the object. */
  readonly seen: Uint8Array;
  /** Of texts that were scanned now. */
  readonly reports: readonly TextReport[];
}

/** Undefined when that is what was known before. */
export function collectTexts(jobs: readonly DeltaJob[], { known, seen, reports }: Before): KnownTexts | undefined {
  const [first] = jobs;
  const hash = first?.forest.hash ?? known?.hash;
  if (hash === undefined) return undefined;
  const pushed = first?.pushed ?? new Uint32Array(0);
  const isSame = known !== undefined && !seen.includes(0) && !pushed.some((note) => note > 0);
  if (isSame && !jobs.some((job) => job.loosePushed?.some((note) => note > 0) === true)) return undefined;

  const expected = seen.length + pushed.length / 4;
  const ids = createOidTable(hash, Math.max(1024, Math.ceil(expected)));
  let sizes = new Uint32Array(Math.max(1024, Math.ceil(expected)));
  const add = (bytes: Uint8Array, at: number, size: number): void => {
    const index = ids.add(bytes, at);
    if (index >= sizes.length) {
      const larger = new Uint32Array(sizes.length * 2);
      larger.set(sizes);
      sizes = larger;
    }
    sizes[index] = size;
  };

  const before = known?.ids.raw() ?? new Uint8Array(0);
  for (const [index, is] of seen.entries()) if (is === 1) add(before, index * ids.width, known?.sizes[index] ?? 0);
  if (first !== undefined)
    for (let entry = 0; entry < pushed.length; entry += 1) {
      const note = pushed[entry] ?? 0;
      if (note > 0) add(first.forest.ids, entry * ids.width, note - 1);
    }
  for (const { loose, loosePushed } of jobs)
    for (const [index, note] of (loosePushed ?? []).entries()) if (note > 0) add(loose, index * ids.width, note - 1);

  const byIndex = new Map<number, TextReport>();
  const kept = [...(known?.reports ?? [])].flatMap(([index, report]) => (seen[index] === 1 ? [report] : []));
  for (const report of [...kept, ...reports]) {
    const index = indexOfText(ids, report.text);
    if (index >= 0) byIndex.set(index, report);
  }
  return { hash, ids, sizes, reports: byIndex };
}
