/** One rule of an imported file as one of ours. */
import type { Companion, Reach, Rule } from '../types/index.ts';
import { ruleDigest } from './digest.ts';
import { foreignAllow, foreignPattern, withSecretGroup } from './gitleaks-patterns.ts';
import type { ForeignRequired, ForeignRule } from './gitleaks-shape.ts';
import { reachOf } from './reach.ts';
import type { Re2Node } from './re2-node.ts';
import { requiredAfter, requiredRun } from './required.ts';

/** Where problems and warnings about a rule go. */
export interface Said {
  readonly problem: (message: string) => void;
  readonly warn: (message: string) => void;
}

/** Looks up a rule that another one requires. */
type Others = (id: string) => Rule | ForeignRule | undefined;

const MIN_KEYWORD = 3;
const MAX_WITHIN = 4096;
const MAX_LINES = 200;

const NONLOCAL: Reach = { class: 'nonlocal', back: 0, forward: 0, stopAtNext: false, lines: 0 };

/** A rule that stands alone, or undefined after a problem. */
export function ruleFromForeign(
  foreign: ForeignRule,
  title: string | undefined,
  others: Others,
  said: Said,
): Rule | undefined {
  if (foreign.regex === undefined && foreign.path === undefined) {
    said.problem('has neither regex nor path, and no rule of that id is extended');
    return undefined;
  }
  if (foreign.path !== undefined && foreignPattern('path', foreign.path, said) === undefined) return undefined;
  const node = foreign.regex === undefined ? undefined : foreignPattern('regex', foreign.regex, said);
  if (foreign.regex !== undefined && node === undefined) return undefined;
  const search = node === undefined ? { keywords: [], reach: NONLOCAL } : searchOf(node, foreign.keywords, said);
  return digested({
    id: foreign.id,
    provider: 'imported',
    providerName: title ?? 'Imported rules',
    title: foreign.description ?? foreign.id,
    kind: 'api-key',
    severity: 'high',
    confidence: 'medium',
    rank: foreign.id.startsWith('generic') ? 'generic' : 'specific',
    pattern: foreign.regex ?? '',
    ...search,
    // The file brings lists of its own; ours would change what it finds.
    placeholders: false,
    words: false,
    identity: 'token',
    companions: companionsOf(foreign.required, others, said),
    allow: foreign.allow.map((list) => foreignAllow(list, said)),
    reportAlone: foreign.skipReport !== true,
    references: [],
    aliases: {},
    tags: [...new Set(foreign.tags)].sort(),
    ...(foreign.secretGroup === undefined ? {} : { secretGroup: foreign.secretGroup }),
    ...(foreign.entropy === undefined ? {} : { minEntropy: foreign.entropy }),
    ...(foreign.path === undefined ? {} : { pathPattern: foreign.path }),
  });
}

/** `base` with the members that the file states; keywords, tags, lists and required rules are added. */
export function overlaidRule(base: Rule, foreign: ForeignRule, others: Others, said: Said): Rule | undefined {
  if (foreign.path !== undefined && foreignPattern('path', foreign.path, said) === undefined) return undefined;
  const { after, run, gate, checksum, maskPrefix, secretGroup, digest: _, ...kept } = base;
  const shared = {
    ...kept,
    title: foreign.description ?? base.title,
    allow: [...base.allow, ...foreign.allow.map((list) => foreignAllow(list, said))],
    companions: [...base.companions, ...companionsOf(foreign.required, others, said)],
    tags: [...new Set([...base.tags, ...foreign.tags])].sort(),
    reportAlone: foreign.skipReport === undefined ? base.reportAlone : !foreign.skipReport,
    ...(foreign.entropy === undefined ? {} : { minEntropy: foreign.entropy }),
    ...(foreign.path === undefined ? {} : { pathPattern: foreign.path }),
  };
  const keywords = [...new Set([...base.keywords, ...foreign.keywords.map((k) => k.toLowerCase())])];
  const own = foreign.secretGroup ?? secretGroup;
  if (foreign.regex !== undefined) {
    const node = foreignPattern('regex', foreign.regex, said);
    if (node === undefined) return undefined;
    return digested({
      ...shared,
      pattern: foreign.regex,
      ...searchOf(node, keywords, said),
      ...(own === undefined ? {} : { secretGroup: own }),
    });
  }
  const extra = {
    ...(gate === undefined ? {} : { gate }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(maskPrefix === undefined ? {} : { maskPrefix }),
    ...(own === undefined ? {} : { secretGroup: own }),
  };
  if (keywords.length === base.keywords.length) {
    return digested({
      ...shared,
      ...extra,
      ...(after === undefined ? {} : { after }),
      ...(run === undefined ? {} : { run }),
    });
  }
  const node = foreignPattern('pattern', base.pattern, said);
  return node === undefined ? undefined : digested({ ...shared, ...extra, ...searchOf(node, keywords, said) });
}

type Search = Pick<Rule, 'keywords' | 'reach' | 'after' | 'run'>;

/**
 * How the rule is found. Its keywords need only stand somewhere in the same text, so it runs around them only if every
 * match is proven to hold one.
 */
function searchOf(node: Re2Node, written: readonly string[], said: Said): Search {
  let keywords = [...new Set(written.map((k) => k.toLowerCase()))].filter((k) => k !== '');
  if (keywords.some((k) => k.length < MIN_KEYWORD || /[^\x20-\x7e]/.test(k))) {
    said.warn('has keywords that are shorter than three bytes or not ASCII: it runs over every text as a whole');
    keywords = [];
  }
  const { reach } = reachOf(node, { keywords, pem: false });
  const run = requiredRun(node);
  const after = reach.class === 'nonlocal' ? [] : requiredAfter(node, keywords, reach.back);
  return {
    keywords,
    reach,
    ...(after.every((condition) => condition === null) ? {} : { after }),
    ...(run === undefined ? {} : { run }),
  };
}

function companionsOf(required: readonly ForeignRequired[], others: Others, said: Said): Companion[] {
  const companions: Companion[] = [];
  for (const { id, withinLines, withinColumns } of required) {
    const other = others(id);
    const pattern = other === undefined ? undefined : 'digest' in other ? other.pattern : other.regex;
    if (other === undefined || pattern === undefined || pattern === '') {
      said.problem(`required: no rule with a regex is called ${id}`);
      continue;
    }
    const node = foreignPattern(`required ${id}`, pattern, said);
    if (node === undefined) continue;
    const sameLine = withinLines === 0 && withinColumns !== undefined;
    if (withinColumns !== undefined && !sameLine)
      said.warn(`required ${id}: withinColumns counts only with withinLines = 0`);
    if (withinLines === undefined)
      said.warn(`required ${id}: looked for within ${MAX_LINES} lines and ${MAX_WITHIN} bytes, not in the whole text`);
    const entropy = 'digest' in other ? other.minEntropy : other.entropy;
    companions.push({
      name: id,
      pattern: withSecretGroup(pattern, node, other.secretGroup),
      within: sameLine ? Math.min(withinColumns, MAX_WITHIN) : MAX_WITHIN,
      lines: Math.min(withinLines ?? MAX_LINES, MAX_LINES),
      required: true,
      ...(entropy === undefined ? {} : { minEntropy: entropy }),
    });
  }
  return companions;
}

function digested(rule: Omit<Rule, 'digest'>): Rule {
  return { ...rule, digest: ruleDigest(rule) };
}
