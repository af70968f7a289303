import type { NotScanned } from './events.ts';
import type { Finding, SuppressionNote } from './finding.ts';
import type { Rule, Severity } from './rule.ts';

export interface Entry {
  readonly source: string;
  readonly line: number;
  readonly text: string;
  readonly reason?: string;
  readonly until?: string;
}

export interface Summary {
  /** What was scanned, one sentence per target. */
  readonly targets: readonly string[];
  readonly complete: boolean;
  readonly interrupted: boolean;
  /** Findings that are not suppressed. */
  readonly findings: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** Not suppressed, of confidence low: shown collapsed on a terminal. */
  readonly lowConfidence: number;
  readonly suppressed: number;
  readonly texts: number;
  readonly bytes: number;
  readonly excluded: Readonly<Record<string, number>>;
  readonly failed: Readonly<Record<string, number>>;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly expiredEntries: readonly Entry[];
  readonly unusedEntries: readonly Entry[];
}

/** Everything a report may say: sorted, without clock, and without paths of this machine. */
export interface Report {
  readonly tool: { readonly name: string; readonly version: string; readonly ruleset: string };
  /** Only the rules that findings name, fields copied one by one. */
  readonly rules: readonly Pick<
    Rule,
    | 'id'
    | 'title'
    | 'provider'
    | 'providerName'
    | 'kind'
    | 'severity'
    | 'confidence'
    | 'references'
    | 'console'
    | 'tags'
    | 'aliases'
  >[];
  readonly findings: readonly Finding[];
  readonly suppressed: readonly (Finding & { readonly suppressed: SuppressionNote })[];
  readonly notScanned: readonly NotScanned[];
  readonly summary: Summary;
  /** True when the operator asked for secrets in clear. */
  readonly revealed: boolean;
}

/** A pure function of the report: no I/O, so each format is one golden file per case. */
export interface Reporter {
  readonly id: string;
  readonly extension: string;
  render(report: Report): Iterable<string>;
}
