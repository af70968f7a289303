/**
 * Globs over sighting paths (`/` as separator, relative to the target's root). Both pattern and path may come from what
 * is scanned, so matching is linear in path times pattern: no regular expression with backtracking stands behind it.
 *
 * `*` and `?` stay within a segment, `**` as a whole segment crosses any number of them (at the end: one at least), `[a-z]` and `[!a-z]` are sets,
 * `{a,b}` alternatives, `\` takes the next character as it is. Names that begin with a dot are names like any other. A
 * pattern without a slash matches the last segment at any depth; one that ends in a slash, all below that directory.
 */

export class GlobError extends Error {
  readonly code = 'BAD_GLOB';
  constructor(message: string) {
    super(message);
    this.name = 'GlobError';
  }
}

export type PathMatcher = (path: string) => boolean;

const MAX_LENGTH = 1024;
const MAX_ALTERNATIVES = 256;

/**
 * Whether a path matches any of `patterns`. No pattern matches the empty path, which stands for a text without a place.
 * @throws GlobError with one line
 */
export function compileGlobs(patterns: readonly string[]): PathMatcher {
  const globs = patterns.flatMap((pattern) => expandBraces(checked(pattern)).map(parse));
  return (path) => path !== '' && globs.length > 0 && matchesAny(globs, path.split('/'));
}

function checked(pattern: string): string {
  if (pattern === '' || pattern === '/' || pattern === './') throw new GlobError('a glob must not be empty');
  if (pattern.length > MAX_LENGTH) throw new GlobError(`a glob must not be longer than ${MAX_LENGTH} characters`);
  if (pattern.startsWith('!')) throw new GlobError(`${pattern}: a glob cannot be negated with !`);
  return pattern;
}

/** One character of a segment. */
type Token = '*' | '?' | { readonly char: string } | CharacterSet;

interface CharacterSet {
  readonly negated: boolean;
  readonly ranges: readonly (readonly [first: string, last: string])[];
}

type Segment = '**' | readonly Token[];
type Glob = readonly Segment[];

function parse(pattern: string): Glob {
  let text = pattern.startsWith('./') ? pattern.slice(2) : pattern;
  const below = text.endsWith('/');
  if (below) text = text.slice(0, -1);
  const anywhere = !text.includes('/');
  if (text.startsWith('/')) text = text.slice(1);
  const segments: Segment[] = text.split('/').map((segment) => (segment === '**' ? '**' : tokens(segment, pattern)));
  const glob: Segment[] = [...(anywhere ? ['**' as const] : []), ...segments, ...(below ? ['**' as const] : [])];
  return glob.at(-1) === '**' ? [...glob, ['*']] : glob;
}

function tokens(segment: string, pattern: string): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < segment.length; i++) {
    const c = segment.charAt(i);
    if (c === '*') {
      if (out.at(-1) !== '*') out.push('*');
    } else if (c === '?') out.push('?');
    else if (c === '[') {
      const end = endOfSet(segment, i);
      if (end < 0) throw new GlobError(`${pattern}: [ is never closed`);
      out.push(characterSet(segment.slice(i + 1, end), pattern));
      i = end;
    } else if (c === '\\' && i + 1 < segment.length) out.push({ char: segment.charAt(++i) });
    else out.push({ char: c });
  }
  return out;
}

/** The index of the `]`; one that comes first is a member. */
function endOfSet(segment: string, open: number): number {
  let from = open + 1;
  if (segment[from] === '!' || segment[from] === '^') from++;
  for (let i = segment[from] === ']' ? from + 1 : from; i < segment.length; i++) {
    if (segment[i] === '\\') i++;
    else if (segment[i] === ']') return i;
  }
  return -1;
}

function characterSet(inner: string, pattern: string): CharacterSet {
  const negated = inner.startsWith('!') || inner.startsWith('^');
  const members: string[] = [];
  const ranges: [string, string][] = [];
  if (inner.includes('[:')) throw new GlobError(`${pattern}: named classes such as [:alpha:] are not supported`);
  for (let i = negated ? 1 : 0; i < inner.length; i++) {
    if (inner[i] === '\\' && i + 1 < inner.length) members.push(inner.charAt(++i));
    else if (inner[i] === '-' && members.length > 0 && i + 1 < inner.length) {
      const first = members.pop() ?? '';
      if (inner[i + 1] === '\\') i++;
      ranges.push([first, inner.charAt(++i)]);
    } else members.push(inner.charAt(i));
  }
  return { negated, ranges: [...ranges, ...members.map((c): [string, string] => [c, c])] };
}

function matchesAny(globs: readonly Glob[], path: readonly string[]): boolean {
  return globs.some((glob) => matchSegments(glob, path));
}

/** Both levels backtrack to their last star alone: an earlier one could only take what the later one can take too. */
function matchSegments(glob: Glob, path: readonly string[]): boolean {
  let g = 0;
  let p = 0;
  let star = -1;
  let taken = 0;
  while (p < path.length) {
    const segment = glob[g];
    if (segment === '**') {
      star = g++;
      taken = p;
    } else if (segment !== undefined && matchSegment(segment, path[p] ?? '')) {
      g++;
      p++;
    } else if (star >= 0) {
      g = star + 1;
      p = ++taken;
    } else return false;
  }
  while (glob[g] === '**') g++;
  return g === glob.length;
}

function matchSegment(pattern: readonly Token[], name: string): boolean {
  let t = 0;
  let n = 0;
  let star = -1;
  let taken = 0;
  while (n < name.length) {
    const token = pattern[t];
    if (token === '*') {
      star = t++;
      taken = n;
    } else if (token !== undefined && matchCharacter(token, name.charAt(n))) {
      t++;
      n++;
    } else if (star >= 0) {
      t = star + 1;
      n = ++taken;
    } else return false;
  }
  while (pattern[t] === '*') t++;
  return t === pattern.length;
}

function matchCharacter(token: Exclude<Token, '*'>, c: string): boolean {
  if (token === '?') return true;
  if ('char' in token) return token.char === c;
  return token.ranges.some(([first, last]) => first <= c && c <= last) !== token.negated;
}

/** `a{b,c{d,e}}` gives `ab`, `acd`, `ace`. Braces without a comma are characters. */
function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const waiting = [pattern];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const brace = firstBrace(next);
    if (brace === undefined) done.push(next);
    else
      for (const option of brace.options.toReversed())
        waiting.push(next.slice(0, brace.start) + option + next.slice(brace.end));
    if (done.length + waiting.length > MAX_ALTERNATIVES)
      throw new GlobError(`${pattern}: more than ${MAX_ALTERNATIVES} alternatives`);
  }
  return done;
}

interface Brace {
  readonly start: number;
  readonly end: number;
  readonly options: readonly string[];
}

function firstBrace(text: string): Brace | undefined {
  for (let start = 0; start < text.length; start++) {
    if (text[start] === '\\') start++;
    else if (text[start] === '[') start = Math.max(start, endOfSet(text, start));
    else if (text[start] === '{') {
      const brace = braceAt(text, start);
      if (brace !== undefined && brace.options.length > 1) return brace;
    }
  }
  return undefined;
}

function braceAt(text: string, start: number): Brace | undefined {
  const options: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === '{') depth++;
    else if (c === ',' && depth === 1) {
      options.push(text.slice(from, i));
      from = i + 1;
    } else if (c === '}' && --depth === 0) return { start, end: i + 1, options: [...options, text.slice(from, i)] };
  }
  return undefined;
}
