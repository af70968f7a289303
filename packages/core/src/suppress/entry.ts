/** What suppressions have in common, wherever they are written. */
import type { Entry, SuppressionNote } from '../types/index.ts';

/** All criteria that are present must hold; of several values one suffices. */
export interface Criteria {
  /** Credential ids. */
  readonly credentials?: readonly string[];
  /** Names of the finding's rule (`ruleNames`). */
  readonly rules?: readonly string[];
  /** Globs. */
  readonly paths?: readonly string[];
  /** One path, as it is. */
  readonly path?: string;
  /** Commit ids: of the sighting's first commit. */
  readonly commits?: readonly string[];
  readonly line?: number;
  /** The mark of a list in `Hit.allowed`. */
  readonly mark?: string;
  /** SHA-1 of the secret, hex. */
  readonly sha1?: string;
}

export interface SuppressionEntry {
  readonly by: Extract<SuppressionNote['by'], 'ignore-file' | 'baseline' | 'config'>;
  /** The file, as messages name it. */
  readonly source: string;
  /** 1-based line of the file, or number of the entry where the file has no lines of its own. */
  readonly line: number;
  readonly text: string;
  readonly when: Criteria;
  readonly reason?: string;
  readonly owner?: string;
  /** ISO date, inclusive. */
  readonly until?: string;
}

/** How reports list an entry. */
export function toEntry(entry: SuppressionEntry): Entry {
  const { source, line, text, reason, until } = entry;
  return { source, line, text, ...(reason === undefined ? {} : { reason }), ...(until === undefined ? {} : { until }) };
}
