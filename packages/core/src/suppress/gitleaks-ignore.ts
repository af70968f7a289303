/**
 * Entries of gitleaks and betterleaks: `.gitleaksignore`, `.betterleaksignore` and their JSON reports as baselines.
 * They name a place (commit, file, rule, line), not a credential: whoever can read that place resolves them to the
 * credential there; the others are compared as text.
 */
import type { Problem } from '../rules/problem.ts';
import type { SuppressionEntry } from './entry.ts';
import { SuppressionError } from './error.ts';

export interface PlaceEntry {
  readonly by: 'ignore-file' | 'baseline';
  readonly source: string;
  /** 1-based line of the file, or number of the record in a report. */
  readonly line: number;
  readonly text: string;
  readonly place: GitleaksPlace;
}

export interface GitleaksPlace {
  /** Full id, lower case; absent: any. */
  readonly commit?: string;
  readonly path: string;
  /** A rule id of theirs. */
  readonly rule: string;
  /** 1-based line in the file at that commit. */
  readonly startLine: number;
}

/** `#` begins a comment line. Lines that name no place are listed as problems, and the others are used. */
export function parseGitleaksIgnore(
  name: string,
  text: string,
): { readonly entries: readonly PlaceEntry[]; readonly problems: readonly Problem[] } {
  const entries: PlaceEntry[] = [];
  const problems: Problem[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const place = parseGitleaksLine(line);
    if (place === undefined)
      problems.push({ file: name, line: index + 1, message: 'is neither commit:file:rule:line nor file:rule:line' });
    else entries.push({ by: 'ignore-file', source: name, line: index + 1, text: line, place });
  }
  return { entries, problems };
}

/** `commit:file:rule:line` or `file:rule:line`; the file may hold colons. */
export function parseGitleaksLine(line: string): GitleaksPlace | undefined {
  const parts = line.split(':');
  const startLine = wholeNumber(parts.pop());
  const rule = parts.pop();
  const [first = '', ...others] = parts;
  const commit = others.length > 0 && isCommit(first) ? first.toLowerCase() : undefined;
  const path = (commit === undefined ? parts : others).join(':').replaceAll('\\', '/');
  if (startLine === undefined || rule === undefined || rule === '' || path === '') return undefined;
  return { ...(commit === undefined ? {} : { commit }), path, rule, startLine };
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || text === '' || text.length > 9 || ![...text].every((c) => c >= '0' && c <= '9'))
    return undefined;
  return Number(text);
}

function isCommit(text: string): boolean {
  return (
    (text.length === 40 || text.length === 64) && [...text.toLowerCase()].every((c) => '0123456789abcdef'.includes(c))
  );
}

/**
 * The JSON report of a gitleaks run, as an array of records. Of a record only its place is read, never its secret.
 * @throws SuppressionError
 */
export function parseGitleaksReport(name: string, records: readonly unknown[]): readonly PlaceEntry[] {
  return records.map((record, index): PlaceEntry => {
    const place = recordPlace(record);
    if (place === undefined)
      throw new SuppressionError('bad-entry', [
        { file: name, message: `record ${index + 1} is no finding of gitleaks: it needs RuleID, File and StartLine` },
      ]);
    const text = [
      ...(place.commit === undefined ? [] : [place.commit]),
      place.path,
      place.rule,
      String(place.startLine),
    ].join(':');
    return { by: 'baseline', source: name, line: index + 1, text, place };
  });
}

function recordPlace(record: unknown): GitleaksPlace | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const { RuleID, File, StartLine, Commit } = record as Partial<
    Record<'RuleID' | 'File' | 'StartLine' | 'Commit', unknown>
  >;
  if (typeof RuleID !== 'string' || typeof File !== 'string' || typeof StartLine !== 'number') return undefined;
  const commit = typeof Commit === 'string' && isCommit(Commit) ? Commit.toLowerCase() : undefined;
  return {
    ...(commit === undefined ? {} : { commit }),
    path: File.replaceAll('\\', '/'),
    rule: RuleID,
    startLine: StartLine,
  };
}

/** A hit in the file that an entry names, at the commit that it names. */
export interface HitAtPlace {
  readonly credential: string;
  readonly line: number;
  readonly endLine: number;
  /** Names of the hit's rules (`ruleNames`), of those that found the same bytes too. */
  readonly names: readonly string[];
}

/**
 * The credential that an entry is about: the one on its line that its rule found; if no hit there has that rule, the
 * only one on the line. `undefined` if that does not say which.
 */
export function credentialAtPlace(place: GitleaksPlace, hits: readonly HitAtPlace[]): string | undefined {
  const there = hits.filter((hit) => hit.line <= place.startLine && place.startLine <= hit.endLine);
  const named = new Set(there.filter((hit) => hit.names.includes(place.rule)).map((hit) => hit.credential));
  const chosen = named.size > 0 ? named : new Set(there.map((hit) => hit.credential));
  return chosen.size === 1 ? [...chosen][0] : undefined;
}

/** Suppresses the credential at the entry's path, in whatever version; unresolved: what is reported at just that place. */
export function toSuppression(entry: PlaceEntry, credential: string | undefined): SuppressionEntry {
  const { by, source, line, text, place } = entry;
  const when =
    credential === undefined
      ? {
          rules: [place.rule],
          path: place.path,
          line: place.startLine,
          ...(place.commit === undefined ? {} : { commits: [place.commit] }),
        }
      : { credentials: [credential], path: place.path };
  return { by, source, line, text, when };
}
