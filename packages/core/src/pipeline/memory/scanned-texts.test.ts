import { expect, test } from 'vitest';
import type { DeltaJob } from '../../sources/git/delta-job.ts';
import { fromHex } from '../../sources/git/oid.ts';
import type { NotScanned, TextReport } from '../../types/index.ts';
import type { KnownRules, RuleChange } from './changed-rules.ts';
import { indexOfText, type KnownTexts } from './known-texts.ts';
import { collectTexts } from './scanned-texts.ts';
import { createFates } from './text-fates.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const RULES: KnownRules = { key: 'rules', digests: new Map() };

/** A job of loose objects, that many bytes each, all of which were pushed. */
function job(objects: Readonly<Record<string, number>>): DeltaJob {
  const forest = { hash: 'sha1', ids: new Uint8Array(0) };
  const loose = fromHex(Object.keys(objects).join(''));
  const loosePushed = Uint32Array.from(Object.values(objects), (bytes) => bytes + 1);
  return { forest, loose, loosePushed, pushed: new Uint32Array(0) } as unknown as DeltaJob;
}

interface Scan {
  readonly pushed: Readonly<Record<string, number>>;
  readonly reports?: readonly TextReport[];
  readonly notScanned?: readonly NotScanned[];
  readonly known?: KnownTexts;
  readonly change?: RuleChange;
  /** Ids of known texts that the repository still has. */
  readonly there?: readonly string[];
}

function collect({ pushed, reports = [], notScanned = [], known, change, there = [] }: Scan): KnownTexts | undefined {
  const fates = createFates(known, change);
  for (const id of there) {
    const index = known === undefined ? -1 : indexOfText(known.ids, `git:${id}`);
    if (!fates.take(index)) fates.probe(index);
  }
  return collectTexts([job(pushed)], { known, fates, reports, notScanned, rulesKey: 'rules', rules: () => RULES });
}

function listed(
  known: KnownTexts | undefined,
): Readonly<Record<string, readonly [number, readonly string[] | undefined]>> {
  if (known === undefined) return {};
  return Object.fromEntries(
    Array.from({ length: known.ids.size }, (_, index) => [
      known.ids.hex(index),
      [known.sizes[index] ?? -1, known.reports.get(index)?.rules],
    ]),
  );
}

const report = (id: string, ...rules: string[]): TextReport => ({ text: `git:${id}`, hits: [], rules });

function firstScan(): KnownTexts {
  const known = collect({ pushed: { [A]: 1, [B]: 2 }, reports: [report(A, 'x'), report(B, 'y')] });
  if (known === undefined) throw new Error('nothing was kept');
  return known;
}

test('texts that were pushed are known, those with a report with the rules that have a say', () => {
  expect(listed(firstScan())).toEqual({ [A]: [1, ['x']], [B]: [2, ['y']] });
});

test('a text that was pushed and then did not fit is not known', () => {
  const failed: NotScanned = { state: 'failed', reason: 'limit', where: `git:${B}` };
  expect(listed(collect({ pushed: { [A]: 1, [B]: 2 }, notScanned: [failed] }))).toEqual({ [A]: [1, undefined] });
});

test('nothing new: nothing to write; what is gone, is gone', () => {
  const known = firstScan();
  expect(collect({ known, there: [A, B], pushed: {} })).toBeUndefined();
  expect(listed(collect({ known, there: [A], pushed: {} }))).toEqual({ [A]: [1, ['x']] });
  expect(listed(collect({ known, there: [A, B], pushed: { [C]: 3 } }))).toMatchObject({
    [B]: [2, ['y']],
    [C]: [3, undefined],
  });
});

test('a probed text keeps its report unless it has a new one; one that was not reached is not known', () => {
  const change: RuleChange = { outdated: new Set(), asked: { digest: '', rules: [], allow: [] } };
  const scan = { known: firstScan(), change, there: [A, B] };
  expect(listed(collect({ ...scan, pushed: { [A]: 1, [B]: 2 }, reports: [report(B, 'y', 'z')] }))).toEqual({
    [A]: [1, ['x']],
    [B]: [2, ['y', 'z']],
  });
  expect(listed(collect({ ...scan, pushed: { [A]: 1 } }))).toEqual({ [A]: [1, ['x']] });
});

test('what was known of a text in which a rule had a say that is gone is dropped', () => {
  const change: RuleChange = { outdated: new Set(['x']), asked: undefined };
  const after = collect({ known: firstScan(), change, there: [A, B], pushed: { [A]: 1 } });
  expect(listed(after)).toEqual({ [A]: [1, undefined], [B]: [2, ['y']] });
});

test('other rules with the same say: the state is written anew', () => {
  const known = { ...firstScan(), rules: { key: 'other', digests: undefined } };
  expect(collect({ known, there: [A, B], pushed: {} })?.rules).toBe(RULES);
});
