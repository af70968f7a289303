/** Patterns of imported files: Go's syntax is RE2's, so they are checked, and only named or wrapped where we need it. */
import { PatternError, compile } from '../engine/regex.ts';
import type { AllowList } from '../types/index.ts';
import type { Said } from './gitleaks-rule.ts';
import type { ForeignAllowList } from './gitleaks-shape.ts';
import { groupsOf } from './re2-node.ts';
import { Re2SyntaxError, parseRe2 } from './re2-syntax.ts';
import type { Re2Node } from './re2-node.ts';

/** The tree of a pattern that RE2 takes, or undefined after a problem that names `what`. */
export function foreignPattern(what: string, pattern: string, said: Said): Re2Node | undefined {
  try {
    const node = parseRe2(pattern);
    compile(pattern);
    return node;
  } catch (error) {
    if (!(error instanceof Re2SyntaxError) && !(error instanceof PatternError)) throw error;
    said.problem(`${what}: ${error.message}`);
    return undefined;
  }
}

export function foreignAllow(list: ForeignAllowList, said: Said): AllowList {
  for (const pattern of list.patterns) foreignPattern('regexes of an allow-list', pattern, said);
  for (const pattern of list.paths) foreignPattern('paths of an allow-list', pattern, said);
  return {
    ...(list.description === undefined ? {} : { description: list.description }),
    condition: list.condition,
    patterns: list.patterns,
    target: list.target,
    words: list.words,
    pathPatterns: list.paths,
    commits: list.commits,
  };
}

/**
 * The pattern with its secret in a group named `secret`: the group of that number, else the first, else all of it.
 */
export function withSecretGroup(pattern: string, node: Re2Node, secretGroup: number | undefined): string {
  const groups = groupsOf(node).filter((group) => group.index !== undefined);
  if (groups.some((group) => group.name === 'secret')) return pattern;
  const chosen = groups.find((group) => group.index === (secretGroup ?? 1));
  if (chosen === undefined) return `(?P<secret>${pattern})`;
  const opening = chosen.name === undefined ? 1 : pattern.indexOf('>', chosen.start) + 1 - chosen.start;
  return `${pattern.slice(0, chosen.start)}(?P<secret>${pattern.slice(chosen.start + opening)}`;
}
