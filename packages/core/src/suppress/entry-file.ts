/** The frame that `.unleakignore` and baselines share: a header with the salt's tag, lines of entries, remarks. */
import { isCredentialId, tagOfId } from '../bytes/ids.ts';
import type { Problem } from '../rules/problem.ts';
import { isDate } from './dates.ts';
import type { Criteria, SuppressionEntry } from './entry.ts';
import { parseEntryLine } from './entry-line.ts';
import type { EntryLine } from './entry-line.ts';
import { SuppressionError } from './error.ts';

export type EntryFileKind = 'ignore' | 'baseline';

export interface NumberedLine extends EntryLine {
  readonly line: number;
  readonly text: string;
}

export interface EntryFileOptions {
  readonly kind: EntryFileKind;
  /** As messages name it. */
  readonly name: string;
  /** Tag of the salt that this run makes ids with. */
  readonly tag: string;
  /** Turns the words of a line into criteria, or says in one line what is wrong with them. */
  readonly criteria: (words: readonly string[]) => Criteria | string;
}

const MAX_PROBLEMS = 20;

export function headerLine(kind: EntryFileKind, tag: string): string {
  return `# unleak ${kind} v1 salt=${tag}`;
}

/** The tag in a header line, `undefined` for any other line. */
export function tagOfHeader(kind: EntryFileKind, line: string): string | undefined {
  const start = headerLine(kind, '');
  return line.startsWith(start) ? line.slice(start.length).trim() : undefined;
}

/** @throws SuppressionError that names every line that cannot be used, or the salt that the ids were made with. */
export function parseEntryFile(text: string, options: EntryFileOptions): readonly SuppressionEntry[] {
  const { kind, name, tag } = options;
  const entries: SuppressionEntry[] = [];
  const problems: Problem[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const source = index === 0 && raw.startsWith('\ufeff') ? raw.slice(1) : raw;
    const made = tagOfHeader(kind, source);
    if (made !== undefined && made !== tag) throw otherSalt(name, line, made, tag);
    if (made === undefined && source.startsWith(`# unleak ${kind} v`)) {
      throw new SuppressionError('bad-entry', [
        { file: name, line, message: 'has a format that this version of unleak does not know' },
      ]);
    }
    const parsed = parseEntryLine(source);
    if (parsed?.words.length === 0 && Object.keys(parsed.fields).length === 0) continue;
    const entry =
      parsed === undefined
        ? 'a quotation mark is never closed'
        : toEntry({ ...parsed, line, text: source.trim() }, options);
    if (typeof entry === 'string') problems.push({ file: name, line, message: entry });
    else entries.push(entry);
  }
  if (problems.length > 0) throw new SuppressionError('bad-entry', problems.slice(0, MAX_PROBLEMS));
  return entries;
}

function toEntry(line: NumberedLine, options: EntryFileOptions): SuppressionEntry | string {
  const { name, tag, kind } = options;
  const { reason, owner, until } = line.fields;
  const first = line.words[0] ?? '';
  if (isConflictMarker(first)) return 'a merge conflict is not resolved';
  for (const word of line.words) {
    const made = tagOfId(word);
    if (made !== undefined && made !== tag) throw otherSalt(name, line.line, made, tag);
    if (made === undefined && word.startsWith('c1_')) return `${word.slice(0, 40)} is no credential id`;
  }
  if (until !== undefined && !isDate(until)) return `until=${until.slice(0, 40)} is no date: write it as 2027-01-31`;
  const when = options.criteria(line.words);
  if (typeof when === 'string') return when;
  return {
    by: kind === 'ignore' ? 'ignore-file' : 'baseline',
    source: name,
    line: line.line,
    text: line.words.join(' '),
    when,
    ...(reason === undefined ? {} : { reason }),
    ...(owner === undefined ? {} : { owner }),
    ...(until === undefined ? {} : { until }),
  };
}

function isConflictMarker(word: string): boolean {
  return ['<<<<<<<', '=======', '>>>>>>>', '|||||||'].includes(word);
}

function otherSalt(file: string, line: number, made: string, tag: string): SuppressionError {
  const message = `made with another salt (${made}; this run has ${tag}): set project.salt or UNLEAK_FINGERPRINT_KEY as it was`;
  return new SuppressionError('other-salt', [{ file, line, message }]);
}

/** An id that is written by hand must be one. */
export function assertCredentialId(id: string): void {
  if (!isCredentialId(id)) throw new RangeError(`${id} is no credential id`);
}
