/**
 * Text from scanned input (paths, authors, names, messages) on its way to a terminal or a page: whatever could move the
 * cursor, hide text or change its direction becomes a visible escape. Letters, accents, emoji and joiners stay.
 */

/** Inclusive ranges of code points that are not shown as they are, ascending. */
const UNSAFE: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f], // C0: escape, backspace, carriage return, bell …
  [0x7f, 0x9f], // delete, C1: 0x9b starts an escape sequence on its own
  [0xad, 0xad], // soft hyphen, invisible
  [0x61c, 0x61c], // Arabic letter mark
  [0x180e, 0x180e],
  [0x200b, 0x200b], // zero-width space
  [0x200e, 0x200f], // direction marks
  [0x2028, 0x202e], // line and paragraph separators, embeddings and overrides
  [0x2060, 0x206f], // invisible operators, isolates, deprecated formatting
  [0xd800, 0xdfff], // lone surrogates
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb], // interlinear annotation
  [0xfffe, 0xffff], // not characters, and not allowed in XML
  [0xe0000, 0xe007f], // tags: invisible ASCII
];

export function isUnsafeToShow(codePoint: number): boolean {
  for (const [first, last] of UNSAFE) {
    if (codePoint < first) return false;
    if (codePoint <= last) return true;
  }
  return false;
}

function visible(codePoint: number): string {
  if (codePoint === 0x0a) return '\\n';
  if (codePoint === 0x0d) return '\\r';
  if (codePoint === 0x09) return '\\t';
  const hex = codePoint.toString(16);
  if (codePoint < 0x100) return `\\x${hex.padStart(2, '0')}`;
  if (codePoint < 0x10000) return `\\u${hex.padStart(4, '0')}`;
  return `\\u{${hex}}`;
}

/**
 * The text with control, escape, bidi and invisible characters written out (`\x1b`, `\u202e`, `\n`). Characters in
 * `keep` are left: `'\n\t'` where the format has its own lines.
 */
export function neutralise(text: string, keep = ''): string {
  let out = '';
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    const codePoint = text.codePointAt(i) ?? 0;
    const width = codePoint > 0xffff ? 2 : 1;
    if (isUnsafeToShow(codePoint) && !keep.includes(text.slice(i, i + width))) {
      out += text.slice(copied, i) + visible(codePoint);
      copied = i + width;
    }
    i += width - 1;
  }
  return copied === 0 ? text : out + text.slice(copied);
}
