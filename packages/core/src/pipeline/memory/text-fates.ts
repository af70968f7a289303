/** What becomes in a scan of each object that is known from before. */
import type { TextReport } from '../../types/index.ts';
import type { RuleChange } from './changed-rules.ts';
import type { KnownTexts } from './known-texts.ts';

/** The repository has it no more. */
const GONE = 0;
/** What is known of it holds. */
const TAKEN = 1;
/** It is read with the changed rules, and what is known of it holds if they have no say in it. */
const PROBED = 2;
/** A rule that is gone, or was another one, has a say in it: it is scanned as if nothing were known. */
const OUTDATED = 3;

export interface Fates {
  /** Nothing of all that is known is gone or read again. */
  readonly areAllTaken: boolean;
  /** Texts that are probed. */
  readonly probed: number;
  isTaken(index: number): boolean;
  /** What is known of the text is said, unless this scan finds something else in it. */
  isSaid(index: number): boolean;
  /** The repository has the object: true if it need not be read. */
  take(index: number): boolean;
  /** For an object that has to be read: true if it is enough to probe it. */
  probe(index: number): boolean;
}

/** @param change since they were scanned; undefined: none */
export function createFates(known: KnownTexts | undefined, change: RuleChange | undefined): Fates {
  const fates = new Uint8Array(known?.ids.size ?? 0);
  const unchanged = change?.asked === undefined ? TAKEN : PROBED;
  let probed = 0;

  function fateOf(index: number): number {
    return isOutdated(known?.reports.get(index), change) ? OUTDATED : unchanged;
  }

  function settle(index: number): number {
    let fate = fates[index] ?? GONE;
    if (fate !== GONE) return fate;
    fate = fateOf(index);
    fates[index] = fate;
    if (fate === PROBED) probed += 1;
    return fate;
  }

  return {
    get areAllTaken() {
      return fates.every((fate) => fate === TAKEN);
    },
    get probed() {
      return probed;
    },
    isTaken: (index) => fates[index] === TAKEN,
    isSaid: (index) => fates[index] === TAKEN || fates[index] === PROBED,
    take: (index) => settle(index) === TAKEN,
    probe: (index) => settle(index) === PROBED,
  };
}

function isOutdated(report: TextReport | undefined, change: RuleChange | undefined): boolean {
  return report !== undefined && change !== undefined && (report.rules ?? []).some((id) => change.outdated.has(id));
}
