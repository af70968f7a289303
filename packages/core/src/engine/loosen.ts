/** Makes patterns (RE2 syntax: https://github.com/google/re2/wiki/Syntax) wider than they are, and much smaller as programs. */

/** Repeats whose bounds lie closer together stay as they are: they are cheap, and say more with their bounds. */
const MIN_RANGE = 8;

/**
 * A pattern that matches wherever `source` does, and in more places: of repeats, the upper bound is left out. RE2 writes a
 * bounded repeat out as often as it may occur, so most of a long pattern's program goes with its bounds. undefined where that
 * would change nothing.
 */
export function loosen(source: string): string | undefined {
  // Between \Q and \E nothing means anything.
  if (source.includes(String.raw`\Q`)) return undefined;
  let loose = '';
  let copied = 0;
  for (let at = 0; at < source.length;) {
    const range = rangeAt(source, at);
    if (range === undefined) at = nextPart(source, at);
    else {
      loose += source.slice(copied, at) + range.loose;
      at = range.end;
      copied = at;
    }
  }
  return copied === 0 ? undefined : loose + source.slice(copied);
}

/** Behind the escape, the class or the character at `at`. */
function nextPart(source: string, at: number): number {
  if (source[at] === '[') return endOfClass(source, at);
  if (source[at] !== '\\') return at + 1;
  const isNamed = 'pPx'.includes(source[at + 1] ?? ' ') && source[at + 2] === '{';
  return isNamed ? behind(source, '}', at + 3) : at + 2;
}

function endOfClass(source: string, start: number): number {
  let at = start + (source[start + 1] === '^' ? 2 : 1);
  // As the first of a class it stands for itself.
  if (source[at] === ']') at += 1;
  while (at < source.length && source[at] !== ']') {
    if (source[at] === '\\') at += 2;
    else at = source.startsWith('[:', at) ? behind(source, ':]', at + 2) : at + 1;
  }
  return at + 1;
}

function behind(source: string, end: string, from: number): number {
  const found = source.indexOf(end, from);
  return found < 0 ? source.length : found + end.length;
}

/** The repeat `{least,most}` at `at`, if there is one whose bounds lie far apart. */
function rangeAt(source: string, at: number): { readonly loose: string; readonly end: number } | undefined {
  if (source[at] !== '{') return undefined;
  const end = source.indexOf('}', at);
  const [least = '', most = '', ...more] = source.slice(at + 1, end).split(',');
  if (end < 0 || more.length > 0 || !isNumber(least) || !isNumber(most)) return undefined;
  if (Number(most) - Number(least) < MIN_RANGE) return undefined;
  const loose = least === '0' ? '*' : least === '1' ? '+' : `{${least},}`;
  return { loose, end: end + 1 };
}

function isNumber(text: string): boolean {
  return text !== '' && [...text].every((digit) => digit >= '0' && digit <= '9');
}
