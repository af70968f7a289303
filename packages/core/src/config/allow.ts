import type { AllowList, Ruleset } from '../types/index.ts';
import type { SuppressionEntry } from '../suppress/entry.ts';
import type { AcceptedEntry } from './resolve.ts';

/** The allow entries of a configuration in the two forms in which they are judged. */
export interface AllowParts {
  /** Per sighting, after attribution. */
  readonly entries: readonly SuppressionEntry[];
  /** For the engine, which alone sees the text: lists that mark hits. They go into `Ruleset.allow`. */
  readonly lists: Ruleset['allow'];
}

export function allowParts(allow: readonly AcceptedEntry[]): AllowParts {
  const lists: (AllowList & { readonly targetRules: readonly string[] })[] = [];
  const entries = allow.map((entry, index): SuppressionEntry => {
    const { rules, paths, credentials, commits, words = [], patterns = [], origin } = entry;
    const mark = words.length + patterns.length === 0 ? undefined : `config#${index}`;
    if (mark !== undefined) {
      lists.push({
        condition: 'all',
        patterns,
        target: entry.target ?? 'secret',
        words: words.map((word) => word.toLowerCase()),
        pathPatterns: [],
        commits: [],
        mark,
        targetRules: [],
      });
    }
    const reason = entry.reason ?? entry.description;
    return {
      by: 'config',
      source: origin.name,
      line: origin.line ?? 1,
      text: `allow: ${entry.description ?? entry.reason ?? summary(entry)}`,
      when: {
        ...(rules === undefined ? {} : { rules }),
        ...(paths === undefined ? {} : { paths }),
        ...(credentials === undefined ? {} : { credentials }),
        ...(commits === undefined ? {} : { commits }),
        ...(mark === undefined ? {} : { mark }),
      },
      ...(reason === undefined ? {} : { reason }),
      ...(entry.owner === undefined ? {} : { owner: entry.owner }),
      ...(entry.until === undefined ? {} : { until: entry.until }),
    };
  });
  return { entries, lists };
}

/** Without the words and patterns: they may be secrets that someone allowed by writing them out. */
function summary(entry: AcceptedEntry): string {
  const parts = (['rules', 'paths', 'credentials', 'commits'] as const).map((key) => (entry[key] ?? []).join(' '));
  const told = parts.filter((part) => part !== '').join(' ');
  return told === '' ? 'by text' : told;
}
