/** After a scan: which objects were scanned by now, from what jobs noted and what was known before and is still there. */
import type { DeltaJob } from '../../sources/git/delta-job.ts';
import { createOidTable, fromHex, type HashName, type OidTable } from '../../sources/git/oid.ts';
import type { NotScanned, TextReport } from '../../types/index.ts';
import type { KnownRules } from './changed-rules.ts';
import { ID_PREFIX, indexOfText, type KnownTexts } from './known-texts.ts';
import type { Fates } from './text-fates.ts';

export interface Before {
  readonly known: KnownTexts | undefined;
  readonly fates: Fates;
  /** Of texts that were scanned now. */
  readonly reports: readonly TextReport[];
  /** Where texts were pushed and not scanned, among others: they are not known. */
  readonly notScanned: readonly NotScanned[];
  /** Of the rules of this scan, as in SettingsDigest. */
  readonly rulesKey: string;
  /** The rules of this scan; asked for when there is something to keep. */
  readonly rules: () => KnownRules;
}

/** Undefined when that is what was known before. */
export function collectTexts(
  jobs: readonly DeltaJob[],
  { known, fates, reports, notScanned, rulesKey, rules }: Before,
): KnownTexts | undefined {
  const [first] = jobs;
  const hash = first?.forest.hash ?? known?.hash;
  if (hash === undefined) return undefined;
  const pushed = first?.pushed ?? new Uint32Array(0);
  const isSame = known?.rules.key === rulesKey && fates.areAllTaken && !pushed.some((note) => note > 0);
  if (isSame && !jobs.some((job) => job.loosePushed?.some((note) => note > 0) === true)) return undefined;

  const knownCount = known?.ids.size ?? 0;
  const expected = knownCount + pushed.length / 4;
  const ids = createOidTable(hash, Math.max(1024, Math.ceil(expected)));
  let sizes = new Uint32Array(Math.max(1024, Math.ceil(expected)));
  const failed = failedTexts(hash, notScanned);
  const add = (bytes: Uint8Array, at: number, size: number): void => {
    if (failed.size > 0 && failed.find(bytes, at) >= 0) return;
    // Each is pushed once, and only what is not known from before.
    const index = ids.append(bytes, at);
    if (index >= sizes.length) {
      const larger = new Uint32Array(sizes.length * 2);
      larger.set(sizes);
      sizes = larger;
    }
    sizes[index] = size;
  };

  const before = known?.ids.raw() ?? new Uint8Array(0);
  for (let index = 0; index < knownCount; index += 1)
    if (fates.isTaken(index)) add(before, index * ids.width, known?.sizes[index] ?? 0);
  if (first !== undefined)
    for (let entry = 0; entry < pushed.length; entry += 1) {
      const note = pushed[entry] ?? 0;
      if (note > 0) add(first.forest.ids, entry * ids.width, note - 1);
    }
  for (const { loose, loosePushed } of jobs)
    for (const [index, note] of (loosePushed ?? []).entries()) if (note > 0) add(loose, index * ids.width, note - 1);

  const byIndex = new Map<number, TextReport>();
  const kept = [...(known?.reports ?? [])].flatMap(([index, report]) => (fates.isSaid(index) ? [report] : []));
  for (const report of [...kept, ...reports]) {
    const index = indexOfText(ids, report.text);
    // One that was to be probed and could not be read is not among the ids.
    if (index >= 0) byIndex.set(index, report);
  }
  return { hash, ids, sizes, reports: byIndex, rules: rules() };
}

function failedTexts(hash: HashName, notScanned: readonly NotScanned[]): OidTable {
  const ids = createOidTable(hash, 0);
  for (const { where } of notScanned) {
    const id = where.startsWith(ID_PREFIX) ? fromHex(where.slice(ID_PREFIX.length)) : undefined;
    if (id?.length === ids.width) ids.add(id);
  }
  return ids;
}
