import type { Confidence, Identity, Kind, Severity } from './rule.ts';
import type { Sighting } from './sighting.ts';

/** Only `unverified` until verification exists; the union is part of the published schema. */
export interface Verdict {
  readonly state: 'live' | 'dead' | 'unknown' | 'unverified';
}

export interface SuppressionNote {
  readonly by: 'inline' | 'ignore-file' | 'baseline' | 'config' | 'rule';
  /** What was matched: a file and line, a comment's marker, an entry. */
  readonly source: string;
  readonly reason?: string;
  readonly owner?: string;
  readonly until?: string;
}

/** One credential with all its sightings: what reports read. */
export interface Finding {
  readonly id: string;
  readonly ruleId: string;
  readonly alsoMatched: readonly string[];
  readonly provider: string;
  readonly providerName: string;
  readonly title: string;
  readonly kind: Kind;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly identity: Identity;
  /** Digest under the per-user key. Reports print it; it is useless elsewhere. */
  readonly fingerprint: string;
  /** Masked, or the secret itself when the run was asked to show it. */
  readonly secret: string;
  readonly secretLength: number;
  readonly entropy: number;
  readonly name?: string;
  /** Redacted match text, may be empty. With --show-secrets: the match. */
  readonly context: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly verdict: Verdict;
  /** Sorted; at most 100. */
  readonly sightings: readonly Sighting[];
  readonly sightingCount: number;
  readonly console?: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  /** Set when every sighting is suppressed; such findings are listed apart and do not count. */
  readonly suppressed?: SuppressionNote;
}
