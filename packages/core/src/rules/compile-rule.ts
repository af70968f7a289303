/** From a rule as people write it to the rule that the engine runs. */
import { checksums } from '../engine/filters/checksums.ts';
import type { AllowList, Companion, Rule } from '../types/index.ts';
import { aroundKeywords } from './around.ts';
import { ruleDigest } from './digest.ts';
import { literalPrefix } from './literal-prefix.ts';
import { MAX_BOUNDED, reachOf } from './reach.ts';
import { groupsOf } from './re2-node.ts';
import { Re2SyntaxError, parseRe2 } from './re2-syntax.ts';
import type { Re2Node } from './re2-node.ts';
import { requiredAfter, requiredRun, strengthOf } from './required.ts';
import type { RequiredBytes } from './required.ts';
import type { RuleFile, RuleSource } from './schema.ts';
import { assignPattern, nearPattern } from './shorthand.ts';

export type Compiled = { readonly rule: Rule } | { readonly problems: readonly string[] };

/** A shorter public prefix says too little to be worth showing in a mask. */
const MIN_MASK_PREFIX = 3;

/** Compiles one rule of `file`. What is wrong with it is returned, one line each; RE2's own compiler is not asked. */
export function compileRule(file: Pick<RuleFile, 'provider' | 'name' | 'console'>, source: RuleSource): Compiled {
  const problems: string[] = [];
  const pattern = patternOf(source, problems);
  const node = pattern === undefined ? undefined : parsed('pattern', pattern, problems);
  for (const companion of source.companions) checkCompanion(companion.name, companion.pattern, problems);
  source.allow.forEach((list, i) => {
    for (const p of list.patterns) parsed(`allow[${i}]`, p, problems);
    if (list.patterns.length + list.words.length === 0) problems.push(`allow[${i}] has neither patterns nor words`);
  });
  if (source.checksum !== undefined && !Object.hasOwn(checksums, source.checksum)) {
    problems.push(`there is no checksum ${source.checksum}; known are ${Object.keys(checksums).join(', ')}`);
  }
  if (pattern === undefined || node === undefined) return { problems };

  const keywords = [...new Set(source.keywords.map((k) => k.toLowerCase()))];
  const { reach, reason } = reachOf(node, {
    keywords,
    forward: source.reach,
    lines: source.lines,
    pem: source.identity === 'pem',
  });
  if (reason !== undefined) problems.push(`cannot run around its keywords: ${reason}`);
  if (reach.class === 'bounded' && source.reach !== undefined) {
    problems.push(
      `reach has no effect: the pattern is bounded, its longest match has ${reach.forward} bytes (a longer one than ${MAX_BOUNDED} would be open)`,
    );
  }
  if (!groupsOf(node).some((group) => group.name === 'secret')) problems.push('the pattern has no group (?P<secret>…)');
  if (problems.length > 0) return { problems };

  const prefix = literalPrefix(node);
  const after = requiredAfter(node, keywords, reach.back);
  const around = usefulAround(node, source, keywords, after, reach);
  const run = usefulRun(requiredRun(node), after.includes(null));
  const rule: Omit<Rule, 'digest'> = {
    id: source.id,
    provider: file.provider,
    providerName: file.name,
    title: source.title,
    kind: source.kind,
    severity: source.severity,
    confidence: source.confidence,
    rank: source.rank,
    keywords,
    pattern,
    reach,
    placeholders: source.placeholders,
    words: source.words ?? source.rank === 'generic',
    identity: source.identity,
    companions: source.companions.map(companionOf),
    allow: source.allow.map(allowOf),
    reportAlone: source.reportAlone,
    references: source.references,
    aliases: defined(source.aliases),
    tags: [...new Set(source.tags)].sort(),
    ...(source.gate === undefined ? {} : { gate: source.gate }),
    ...(after.every((condition) => condition === null) ? {} : { after }),
    ...(run === undefined ? {} : { run }),
    ...(around === undefined ? {} : { around }),
    ...(source.checksum === undefined ? {} : { checksum: source.checksum }),
    ...(source.entropy === undefined ? {} : { minEntropy: source.entropy }),
    ...(source.minLength === undefined ? {} : { minLength: source.minLength }),
    ...(source.paths === undefined ? {} : { paths: defined(source.paths) }),
    ...(prefix.length < MIN_MASK_PREFIX ? {} : { maskPrefix: prefix }),
    ...(file.console === undefined ? {} : { console: file.console }),
  };
  return { rule: { ...rule, digest: ruleDigest(rule) } };
}

/** Where the next bytes are known for every keyword, they say more than a run somewhere, unless that is a long one. */
const LONG_RUN = 12;

function usefulRun(run: Rule['run'], isNeeded: boolean): Rule['run'] {
  return run !== undefined && (isNeeded || run.min >= LONG_RUN) ? run : undefined;
}

/** Gates that take a keyword for part of a name, and refuse it within a value. */
const NAME_GATES: ReadonlySet<string> = new Set(['assignment', 'assignment-token', 'named']);
/** Less than this much after a keyword is met by many texts. */
const WEAK_BITS = 24;
/** Automata of so many states are made, before equal ones are merged. */
const STATES = 96;
const GENERIC_STATES = 1016;

/**
 * For keywords that stand everywhere: words, and such after which nearly anything may come. What `assign` and `near` write has more
 * ways to go on than an automaton of this size can tell apart; where a second occurrence ends a rule's reach, there is none.
 */
function usefulAround(
  node: Re2Node,
  source: RuleSource,
  keywords: readonly string[],
  after: readonly (RequiredBytes | null)[],
  reach: Rule['reach'],
): Rule['around'] {
  const isCommon =
    keywords.some((keyword) => WORD.test(keyword)) ||
    after.some((condition) => condition === null || strengthOf(condition) < WEAK_BITS);
  if (source.pattern === undefined || !isCommon || reach.stopAtNext) return undefined;
  const isName = source.gate !== undefined && NAME_GATES.has(source.gate);
  return aroundKeywords(node, keywords, {
    back: reach.back,
    inName: isName,
    states: source.rank === 'generic' ? GENERIC_STATES : STATES,
  });
}

const WORD = /^[a-z]+$/;

function patternOf(source: RuleSource, problems: string[]): string | undefined {
  const forms = [source.pattern, source.assign, source.near].filter((form) => form !== undefined);
  if (forms.length !== 1) {
    problems.push('needs exactly one of pattern, assign and near');
    return undefined;
  }
  const { pattern, assign, near } = source;
  if (pattern !== undefined) return pattern;
  const what = assign === undefined ? 'near' : 'assign';
  const name = parsed(`${what}.name`, (assign ?? near)?.name ?? '', problems);
  const value = parsed(`${what}.value`, (assign ?? near)?.value ?? '', problems);
  if (name === undefined || value === undefined) return undefined;
  if (assign !== undefined) return assignPattern(assign);
  return near === undefined ? undefined : nearPattern(near);
}

/** The pattern's tree, or a problem that names `what`. */
function parsed(what: string, pattern: string, problems: string[]): Re2Node | undefined {
  try {
    return parseRe2(pattern);
  } catch (error) {
    if (!(error instanceof Re2SyntaxError)) throw error;
    problems.push(`${what}: ${error.message}`);
    return undefined;
  }
}

function checkCompanion(name: string, pattern: string, problems: string[]): void {
  const node = parsed(`companion ${name}`, pattern, problems);
  if (node !== undefined && !groupsOf(node).some((group) => group.name === 'secret')) {
    problems.push(`companion ${name}: the pattern has no group (?P<secret>…)`);
  }
}

function companionOf(companion: RuleSource['companions'][number]): Companion {
  const { entropy, ...rest } = companion;
  return entropy === undefined ? rest : { ...rest, minEntropy: entropy };
}

function allowOf(list: RuleSource['allow'][number]): AllowList {
  return {
    ...(list.description === undefined ? {} : { description: list.description }),
    condition: 'any',
    patterns: list.patterns,
    target: list.target,
    words: list.words.map((word) => word.toLowerCase()),
    pathPatterns: [],
    commits: [],
  };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without members that are undefined. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
