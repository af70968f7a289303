/**
 * `.unleakignore`: what people decided to accept, one entry a line.
 *
 *     # unleak ignore v1 salt=ab2c
 *     c1_…  reason="rotated" owner=ann until=2027-01-31   # a credential, wherever it is
 *     c1_… path:"test/**"                                 # a credential, there alone
 *     rule:github-pat path:docs/**                        # what a rule finds there
 *     test/fixtures/**                                    # whatever is found there
 */
import { isCredentialId } from '../bytes/ids.ts';
import type { Criteria, SuppressionEntry } from './entry.ts';
import { assertCredentialId, headerLine, parseEntryFile, tagOfHeader } from './entry-file.ts';
import { formatEntryLine, parseEntryLine } from './entry-line.ts';
import type { EntryFields } from './entry-line.ts';
import { compileGlobs, GlobError } from './glob.ts';
import { parseGitleaksLine } from './gitleaks-ignore.ts';

/**
 * `name` is the file as messages name it, `tag` that of the salt of this run.
 * @throws SuppressionError
 */
export function parseIgnoreFile(name: string, text: string, tag: string): readonly SuppressionEntry[] {
  return parseEntryFile(text, { kind: 'ignore', name, tag, criteria });
}

function criteria(words: readonly string[]): Criteria | string {
  const credentials: string[] = [];
  const rules: string[] = [];
  const paths: string[] = [];
  for (const word of words) {
    if (isCredentialId(word)) credentials.push(word);
    else if (word.startsWith('rule:')) rules.push(word.slice('rule:'.length));
    else if (word.startsWith('path:')) paths.push(word.slice('path:'.length));
    else if (words.length === 1 && parseGitleaksLine(word) !== undefined)
      return 'this is an entry of .gitleaksignore: leave it there, or name the credential id';
    // Lines of a file that was given by mistake must not end up in a report as unused paths.
    else if (words.length === 1 && [...word].some((c) => '=:;'.includes(c)))
      return 'is no entry: write a credential id, rule:<id> or path:<glob>';
    else paths.push(word);
  }
  if (words.length === 0) return 'fields without an entry';
  if (credentials.length > 1 || rules.length > 1 || paths.length > 1)
    return 'more than one credential, rule or path: write one entry a line';
  if (rules.includes('')) return 'rule: names no rule';
  try {
    compileGlobs(paths);
  } catch (error) {
    if (error instanceof GlobError) return error.message;
    throw error;
  }
  return {
    ...(credentials.length === 0 ? {} : { credentials }),
    ...(rules.length === 0 ? {} : { rules }),
    ...(paths.length === 0 ? {} : { paths }),
  };
}

export interface NewIgnoreEntry extends EntryFields {
  readonly credential: string;
  /** What the credential is, for people: rule and place. Its text must be safe to show. */
  readonly remark?: string;
}

/**
 * The file with the entry in it: comments, order and other entries stay as they are. An entry for the same credential
 * gets the new fields; else the entry comes last. `undefined` for a file that does not exist yet.
 * @throws SuppressionError if the file cannot be read, or was made with another salt
 */
export function addToIgnoreFile(name: string, text: string | undefined, entry: NewIgnoreEntry, tag: string): string {
  assertCredentialId(entry.credential);
  const old = text ?? '';
  parseIgnoreFile(name, old, tag);
  const newline = old.includes('\r\n') ? '\r\n' : '\n';
  const lines = old.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  if (!lines.some((line) => tagOfHeader('ignore', line) !== undefined)) lines.unshift(headerLine('ignore', tag));
  const at = lines.findIndex((line) => {
    const words = parseEntryLine(line)?.words ?? [];
    return words.length === 1 && words[0] === entry.credential;
  });
  const { credential, remark, ...fields } = entry;
  const kept = at < 0 ? '' : (parseEntryLine(lines[at] ?? '')?.remark ?? '');
  const line = formatEntryLine({ words: [credential], fields, remark: remark ?? kept });
  if (at < 0) lines.push(line);
  else lines[at] = line;
  return lines.join(newline) + newline;
}
