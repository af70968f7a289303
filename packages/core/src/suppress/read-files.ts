/** Reads files of suppressions by what they are: ours, or those of the scanners that people come from. */
import type { Problem } from '../rules/problem.ts';
import { parseBaseline } from './baseline.ts';
import { parseDetectSecrets } from './detect-secrets.ts';
import type { SuppressionEntry } from './entry.ts';
import { SuppressionError } from './error.ts';
import { parseGitleaksIgnore, parseGitleaksReport } from './gitleaks-ignore.ts';
import type { PlaceEntry } from './gitleaks-ignore.ts';
import { parseIgnoreFile } from './ignore-file.ts';

export type SuppressionFileKind = 'ignore-file' | 'gitleaks-ignore' | 'baseline';

export interface SuppressionFile {
  readonly kind: SuppressionFileKind;
  /** As messages name it. */
  readonly name: string;
  readonly text: string;
}

export interface Suppressions {
  readonly entries: readonly SuppressionEntry[];
  /** To be resolved to credentials (`credentialAtPlace`), then turned into entries (`toSuppression`). */
  readonly places: readonly PlaceEntry[];
  /** Lines of other scanners' files that say nothing; the rest of the file counts. */
  readonly problems: readonly Problem[];
}

/**
 * A baseline may be ours, a gitleaks JSON report, or `.secrets.baseline`. `tag` is that of the salt of this run.
 * @throws SuppressionError
 */
export function readSuppressionFiles(files: readonly SuppressionFile[], tag: string): Suppressions {
  const read = files.map((file): Partial<Suppressions> => readFile(file, tag));
  return {
    entries: read.flatMap((one) => one.entries ?? []),
    places: read.flatMap((one) => one.places ?? []),
    problems: read.flatMap((one) => one.problems ?? []),
  };
}

function readFile({ kind, name, text }: SuppressionFile, tag: string): Partial<Suppressions> {
  if (kind === 'ignore-file') return { entries: parseIgnoreFile(name, text, tag) };
  if (kind === 'gitleaks-ignore') {
    const { entries, problems } = parseGitleaksIgnore(name, text);
    return { places: entries, problems };
  }
  if (!isJson(text)) return { entries: parseBaseline(name, text, tag) };
  const json = parseJson(name, text);
  return Array.isArray(json)
    ? { places: parseGitleaksReport(name, json) }
    : { entries: parseDetectSecrets(name, json) };
}

function isJson(text: string): boolean {
  const start = text.replace('\ufeff', '').trimStart();
  return start.startsWith('[') || start.startsWith('{');
}

function parseJson(name: string, text: string): object | readonly unknown[] {
  try {
    return JSON.parse(text.replace('\ufeff', '')) as object;
  } catch {
    // The parser's own message quotes the text, which may hold secrets.
    throw new SuppressionError('bad-entry', [{ file: name, message: 'is no valid JSON' }]);
  }
}
