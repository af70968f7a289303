/**
 * A quick look at a path before the patterns of an ignore file are tried on it, which costs a regular expression each:
 * whether it begins and ends as any of them does. Nothing is decided here; most paths fit none.
 */

export interface LikelyPaths {
  /**
   * False only if no pattern of the file matches the path by itself: what is below a path that one matches is not meant.
   * `path` is relative to the ignore file; `name` is its last part, without `/` at its end.
   */
  mayMatch(path: string, name: string): boolean;
  /** The same for all paths with this last name: most names fit no pattern. */
  mayMatchName(name: string): boolean;
  /** What holds for paths below this one, which ends in `/`: a pattern that is bound to another directory is out. */
  below(directory: string): LikelyPaths;
}

/** Patterns that are spelt with these only; whether anything else stands for itself is left to the patterns. */
const PLAIN = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.*@+~/-');

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
    if (last === '' || [...pattern].some((character) => !PLAIN.has(character))) isAny = true;
    else if (last.includes('*')) open.push({ head: headOf(pattern), ...endsOf(last) });
    else exact.set(last, [...(exact.get(last) ?? []), headOf(pattern)]);
  }
  return isAny ? ANY : likely(exact, open);
}

const ANY: LikelyPaths = {
  mayMatch: () => true,
  mayMatchName: () => true,
  below: () => ANY,
};

function likely(exact: ReadonlyMap<string, readonly string[]>, open: readonly Open[]): LikelyPaths {
  const self: LikelyPaths = {
    mayMatch: (path, name) =>
      exact.get(name)?.some((head) => path.startsWith(head)) === true ||
      open.some((pattern) => fits(pattern, name) && path.startsWith(pattern.head)),
    mayMatchName: (name) => exact.has(name) || open.some((pattern) => fits(pattern, name)),
    below(directory) {
      const left = open.filter(({ head }) => directory.startsWith(head) || head.startsWith(directory));
      return left.length === open.length ? self : likely(exact, left);
    },
  };
  return self;
}

function fits({ prefix, suffix }: Open, name: string): boolean {
  return name.endsWith(suffix) && name.startsWith(prefix);
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
