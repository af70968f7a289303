/** The tables of findings: those that are shown, and those of low confidence, which are collapsed. */
import { plural, type Finding } from '@unleak/core';
import { details } from './markdown.ts';
import type { Outcome } from './options.ts';
import { rows, type RowOptions } from './rows.ts';

export interface TablesOptions extends Pick<RowOptions, 'context' | 'author'> {
  /** Bytes of each table. */
  readonly limits: { readonly shown: number; readonly low: number };
  /** What is said of so many findings that had no room. */
  readonly leftOut: (count: number) => string;
}

export interface Tables {
  readonly shown: readonly Finding[];
  readonly parts: readonly string[];
}

export function tables(outcome: Outcome, { limits, leftOut, ...options }: TablesOptions): Tables {
  const { report, plan, head } = outcome;
  const shown = report.findings.filter((finding) => isShown(finding, outcome));
  const low = report.findings.filter((finding) => !isShown(finding, outcome));
  const tableOf = (findings: readonly Finding[], limit: number): readonly string[] => {
    const { markdown, left } = rows(findings, { ...options, plan, head, limit });
    return [markdown, left.length === 0 ? '' : leftOut(left.length)];
  };
  const ofLow = low.length === 0 ? '' : tableOf(low, limits.low).join('');
  return {
    shown,
    parts: [
      ...tableOf(shown, limits.shown),
      ofLow === '' ? '' : details(`${plural(low.length, 'finding')} of low confidence`, ofLow),
    ],
  };
}

/** Low confidence is collapsed, unless it fails the check. */
function isShown(finding: Finding, { fails }: Pick<Outcome, 'fails'>): boolean {
  return finding.confidence !== 'low' || fails(finding);
}
