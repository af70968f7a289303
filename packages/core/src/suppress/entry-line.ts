/**
 * One line of `.unleakignore` and of a baseline: words, then fields, then a remark.
 *
 *     c1_…                                  reason="used in tests" owner=ann until=2027-01-31   # github-pat  test/a.ts
 *     rule:github-pat path:"docs/**"
 */

export interface EntryFields {
  readonly reason?: string;
  readonly owner?: string;
  readonly until?: string;
}

export interface EntryLine {
  readonly words: readonly string[];
  readonly fields: EntryFields;
  /** Text behind `#`, without blanks around it; empty if there is none. */
  readonly remark: string;
}

const FIELDS = ['reason', 'owner', 'until'] as const;

/** `undefined` for a quotation that is not closed. Blank lines and comments have no words. */
export function parseEntryLine(line: string): EntryLine | undefined {
  const words: string[] = [];
  const fields: { reason?: string; owner?: string; until?: string } = {};
  let at = 0;
  for (;;) {
    while (isBlank(line[at])) at++;
    if (at >= line.length) return { words, fields, remark: '' };
    if (line[at] === '#') return { words, fields, remark: line.slice(at + 1).trim() };
    const word = readWord(line, at);
    if (word === undefined) return undefined;
    at = word.end;
    const field = FIELDS.find((name) => word.text.startsWith(`${name}=`));
    if (field === undefined) words.push(word.text);
    else fields[field] = word.text.slice(field.length + 1);
  }
}

/** Up to the next blank outside quotation marks; within them `\` takes the next character as it is. */
function readWord(line: string, from: number): { text: string; end: number } | undefined {
  let text = '';
  let quoted = false;
  let at = from;
  for (; at < line.length && (quoted || !isBlank(line[at])); at++) {
    const c = line.charAt(at);
    if (c === '"') quoted = !quoted;
    else if (quoted && c === '\\' && at + 1 < line.length) text += line.charAt(++at);
    else text += c;
  }
  return quoted ? undefined : { text, end: at };
}

function isBlank(c: string | undefined): boolean {
  return c === ' ' || c === '\t' || c === '\r';
}

/** The line that reads back as the same. Line feeds become blanks: an entry is one line. */
export function formatEntryLine(entry: EntryLine): string {
  const fields = FIELDS.flatMap((name) => {
    const value = entry.fields[name];
    return value === undefined ? [] : [`${name}=${quote(value, name === 'reason')}`];
  });
  const main = [...entry.words.map((word) => quote(word, false)), ...fields].join(' ');
  const remark = oneLine(entry.remark);
  return remark === '' ? main : `${main}${main === '' ? '' : '  '}# ${remark}`;
}

function quote(value: string, always: boolean): string {
  const text = oneLine(value);
  const plain = text !== '' && !text.startsWith('#') && ![' ', '\t', '"'].some((c) => text.includes(c));
  return plain && !always ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function oneLine(text: string): string {
  return text.replaceAll('\r', ' ').replaceAll('\n', ' ').trim();
}
