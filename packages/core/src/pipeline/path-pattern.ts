import { ascii } from '../bytes/ascii.ts';
import { compile } from '../engine/regex.ts';
import type { PathMatcher } from '../suppress/glob.ts';

/** An RE2 pattern that is looked for anywhere in a path, as imported rules and allow-lists have them. @throws PatternError */
export function pathPattern(source: string): PathMatcher {
  const pattern = compile(source);
  return (path) => pattern.test(ascii(path));
}
