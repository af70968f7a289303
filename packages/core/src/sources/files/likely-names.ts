/**
 * A quick look at a path before the patterns of an ignore file are tried on it, which costs a regular expression each:
 * whether the last part of its name fits the last part of any of them. Nothing is decided here; most names fit none.
 */

export interface LikelyNames {
  /** False only if no pattern of the file can match a path with this last name. */
  mayMatch(name: string): boolean;
}

/** Last parts that are spelt with these only; whether anything else stands for itself is left to the patterns. */
const PLAIN = /^[A-Za-z0-9_.*@+~-]+$/;

/** `patterns`: the lines of an ignore file. */
export function likelyNames(patterns: readonly string[]): LikelyNames {
  const exact = new Set<string>();
  const open = new Set<string>();
  let isAny = false;
  for (const line of patterns) {
    if (line === '' || line.startsWith('#')) continue;
    const pattern = line.slice(line.startsWith('!') ? 1 : 0, line.endsWith('/') ? -1 : undefined);
    const last = pattern.slice(pattern.lastIndexOf('/') + 1);
    if (!PLAIN.test(last)) isAny = true;
    else if (last.includes('*')) open.add(last);
    else exact.add(last);
  }
  const ends = [...open].map((last) => ({
    prefix: last.slice(0, last.indexOf('*')),
    suffix: last.slice(last.lastIndexOf('*') + 1),
  }));
  return {
    mayMatch: (name) =>
      isAny || exact.has(name) || ends.some(({ prefix, suffix }) => name.startsWith(prefix) && name.endsWith(suffix)),
  };
}
