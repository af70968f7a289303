/**
 * A quick look at a path before the patterns of an ignore file are tried on it, which costs a regular expression each:
 * whether it begins and ends as any of them does. Nothing is decided here; most paths fit none.
 */
import { isAlnum } from '../../bytes/ascii.ts';

export interface LikelyPaths {
  /**
   * False only if no pattern of the file matches the path by itself: what is below a path that one matches is not meant.
   * `path` is relative to the ignore file; `name` is its last part, without `/` at its end.
   */
  mayMatch(path: string, name: string): boolean;
}

/** What patterns may be spelt with, beside letters and digits; whether anything else stands for itself is left to them. */
const PLAIN = '_.*@+~/-';

function isPlain(pattern: string): boolean {
  return [...pattern].every((character) => isAlnum(character.charCodeAt(0)) || PLAIN.includes(character));
}

interface Open {
  /** Of the path. */
  readonly head: string;
  /** Of the last name. */
  readonly prefix: string;
  readonly suffix: string;
}

/** `patterns`: the lines of an ignore file. */
export function likelyPaths(patterns: readonly string[]): LikelyPaths {
  /** By last name: what paths must begin with. */
  const exact = new Map<string, string[]>();
  const open: Open[] = [];
  let isAny = false;
  for (const line of patterns) {
    if (line === '' || line.startsWith('#')) continue;
    const pattern = line.slice(line.startsWith('!') ? 1 : 0, line.endsWith('/') ? -1 : undefined);
    const last = pattern.slice(pattern.lastIndexOf('/') + 1);
    if (!isPlain(pattern) || last === '') isAny = true;
    else if (last.includes('*')) open.push({ head: headOf(pattern), ...endsOf(last) });
    else exact.set(last, [...(exact.get(last) ?? []), headOf(pattern)]);
  }
  return {
    mayMatch: (path, name) =>
      isAny ||
      exact.get(name)?.some((head) => path.startsWith(head)) === true ||
      open.some(
        ({ head, prefix, suffix }) => path.startsWith(head) && name.startsWith(prefix) && name.endsWith(suffix),
      ),
  };
}

/** What a path begins with that the pattern matches: all before its first wildcard, if it is bound to a directory. */
function headOf(pattern: string): string {
  if (!pattern.includes('/')) return '';
  const start = pattern.startsWith('/') ? 1 : 0;
  const star = pattern.indexOf('*');
  const head = pattern.slice(start, star < 0 ? undefined : star);
  return head.endsWith('/') ? head.slice(0, -1) : head;
}

function endsOf(last: string): { readonly prefix: string; readonly suffix: string } {
  return { prefix: last.slice(0, last.indexOf('*')), suffix: last.slice(last.lastIndexOf('*') + 1) };
}
