/**
 * Everything that `rules check` proves about rule files (docs/rules.md, "Check"). How a rule is run is passed in, so that
 * the check stands below the engine and asks it as it is.
 */
import { compile, PatternError } from '../engine/regex.ts';
import type { Rule, Span } from '../types/index.ts';
import { compileRule } from './compile-rule.ts';
import { parseRuleFile } from './parse.ts';
import type { Problem } from './problem.ts';
import { groupsOf } from './re2-node.ts';
import { parseRe2 } from './re2-syntax.ts';
import type { RuleText } from './ruleset.ts';
import type { RuleFile, RuleSource } from './schema.ts';
import { TemplateError, expandTemplate } from './templates.ts';
import type { Example } from './templates.ts';

/** What a rule found in a text: the secret and the named parts. */
export interface FoundSecret {
  readonly secret: Span;
  readonly parts: Readonly<Record<string, Span>>;
}

export interface CheckOptions {
  /** Runs one rule over a text, all filters included. */
  readonly scan: (text: Uint8Array, rule: Rule) => readonly FoundSecret[];
  /** Ids that were ever released. None may be gone; undefined when only some of the files are checked. */
  readonly releasedIds?: readonly string[];
  /** Byte gates that the engine knows. */
  readonly gates: readonly string[];
  /** How often each template is expanded, each time from another seed. */
  readonly rounds?: number;
}

export interface CheckReport {
  readonly problems: readonly Problem[];
  /** Rules that were compiled, by id. */
  readonly rules: readonly Rule[];
  /** Those without a longest match, which look only as far as their reach. */
  readonly open: readonly { readonly id: string; readonly forward: number }[];
  /** Every id in the files. */
  readonly ids: readonly string[];
}

/** One more than a chance value needs to show a wrong boundary (`-` at the end of one base64url value in 32 is found in most rules). */
const ROUNDS = 8;

interface Item {
  readonly source: RuleSource;
  readonly rule: Rule;
  readonly at: Omit<Problem, 'message'>;
  /** Names that a mark `[[name|…]]` can give. */
  readonly parts: readonly string[];
}

export function checkRules(files: readonly RuleText[], options: CheckOptions): CheckReport {
  const problems: Problem[] = [];
  const homes = new Map<string, string>();
  const items: Item[] = [];
  for (const file of files) {
    const parsed = parseRuleFile(file.name, file.text);
    if ('problems' in parsed) {
      problems.push(...parsed.problems);
      continue;
    }
    problems.push(...checkProvider(file.name, parsed.file));
    for (const source of parsed.file.rules) {
      const line = parsed.lines.get(source.id);
      const at = { file: file.name, rule: source.id, ...(line === undefined ? {} : { line }) };
      const say = (message: string): void => void problems.push({ ...at, message });
      const home = homes.get(source.id);
      if (home !== undefined) say(`the id is already used in ${home}`);
      homes.set(source.id, file.name);
      if (isProviderFile(file.name) && !source.id.startsWith(`${parsed.file.provider}-`)) {
        say(`the id does not begin with the provider, ${parsed.file.provider}-`);
      }
      const compiled = compileRule(parsed.file, source);
      if ('problems' in compiled) compiled.problems.forEach(say);
      else if (checkPatterns(compiled.rule, options.gates, say))
        items.push({ source, rule: compiled.rule, at, parts: partsOf(compiled.rule) });
    }
  }
  for (const id of options.releasedIds ?? []) {
    if (!homes.has(id))
      problems.push({ file: 'rules/released-ids.txt', message: `the released id ${id} is gone: ids are for ever` });
  }
  for (const item of items) checkExamples(item, options, problems);
  checkShapes(files, items, options, problems);
  const rules = items.map((item) => item.rule);
  return {
    problems,
    rules,
    open: rules
      .filter((rule) => rule.reach.class === 'open')
      .map((rule) => ({ id: rule.id, forward: rule.reach.forward })),
    ids: [...homes.keys()].sort(),
  };
}

function isProviderFile(name: string): boolean {
  return /(?:^|\/)providers\/[^/]*$/.test(name);
}

function checkProvider(name: string, file: RuleFile): Problem[] {
  const base = /([^/]*)\.yaml$/.exec(name)?.[1];
  if (!isProviderFile(name) || base === file.provider) return [];
  return [
    {
      file: name,
      line: 1,
      message: `the provider is ${file.provider}, so the file must be called ${file.provider}.yaml`,
    },
  ];
}

/** False if a pattern does not compile or a gate is not known. */
function checkPatterns(rule: Rule, gates: readonly string[], say: (message: string) => void): boolean {
  let good = true;
  const patterns = [
    ['pattern', rule.pattern] as const,
    ...rule.companions.map((c) => [`companion ${c.name}`, c.pattern] as const),
    ...rule.allow.flatMap((list, i) => list.patterns.map((p) => [`allow[${i}]`, p] as const)),
  ];
  for (const [what, pattern] of patterns) {
    try {
      compile(pattern);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      say(`${what}: ${error.message}`);
      good = false;
    }
  }
  if (rule.gate !== undefined && !gates.includes(rule.gate)) {
    say(`there is no gate ${rule.gate}; known are: ${gates.join(', ') || 'none'}`);
    good = false;
  }
  return good;
}

function checkExamples(item: Item, options: CheckOptions, problems: Problem[]): void {
  const { source, at } = item;
  const run = (kind: 'match' | 'noMatch', check: (example: Example, template: string) => string | undefined): void => {
    source.examples[kind].forEach((template, index) => {
      const message = firstFailure(item, kind, template, index, options.rounds ?? ROUNDS, check);
      if (message !== undefined)
        problems.push({ ...at, message: `${kind} ${index + 1} (${shown(template)}): ${message}` });
    });
  };
  run('match', (example) => {
    if (example.secret.length === 0) return 'marks no secret with [[…]]';
    const found = options.scan(example.text, item.rule);
    if (found.length === 0)
      return `nothing is found${holdsKeyword(example.text, item.rule) ? '' : ', and it holds none of the keywords'}`;
    return difference(example, found);
  });
  run('noMatch', (example) => {
    const [found] = options.scan(example.text, item.rule);
    return found === undefined ? undefined : `is found, bytes ${spanText(found.secret)}`;
  });
}

/** Expands the template `rounds` times and says what is wrong the first time. */
function firstFailure(
  item: Item,
  kind: string,
  template: string,
  index: number,
  rounds: number,
  check: (example: Example, template: string) => string | undefined,
): string | undefined {
  for (let round = 0; round < rounds; round++) {
    let example: Example;
    try {
      example = expandTemplate(template, `${item.rule.id}/${kind}/${index}/${round}`, item.parts);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return error.message;
    }
    const wrong = check(example, template);
    if (wrong !== undefined) return round === 0 ? wrong : `${wrong} (it was right with ${round} other values)`;
  }
  return undefined;
}

function difference(example: Example, found: readonly FoundSecret[]): string | undefined {
  const expected = example.secret.map(spanText).sort();
  const actual = [...new Set(found.map((f) => spanText(f.secret)))].sort();
  if (expected.join() !== actual.join())
    return `the secret is bytes ${expected.join(' and ')}, found is ${actual.join(' and ')}`;
  for (const [name, span] of Object.entries(example.companions)) {
    const parts = found.map((f) => f.parts[name]).filter((part) => part !== undefined);
    if (parts.length === 0) return `the part ${name} is not found`;
    const wrong = parts.find((part) => spanText(part) !== spanText(span));
    if (wrong !== undefined) return `the part ${name} is bytes ${spanText(span)}, found is ${spanText(wrong)}`;
  }
  return undefined;
}

/** The companions and the named groups of the pattern. */
function partsOf(rule: Rule): string[] {
  const groups = groupsOf(parseRe2(rule.pattern)).map((group) => group.name);
  return [
    ...rule.companions.map((c) => c.name),
    ...groups.filter((name) => name !== undefined && name !== 'secret'),
  ] as string[];
}

function holdsKeyword(text: Uint8Array, rule: Rule): boolean {
  const lower = Buffer.from(text).toString('latin1').toLowerCase();
  return rule.keywords.some((keyword) => lower.includes(keyword));
}

/** Nothing in the files themselves may look like a credential: no sure rule finds anything in them. */
function checkShapes(
  files: readonly RuleText[],
  items: readonly Item[],
  options: CheckOptions,
  problems: Problem[],
): void {
  const sure = items.map((item) => item.rule).filter((rule) => rule.confidence === 'high' && rule.rank === 'specific');
  for (const file of files) {
    const bytes = Buffer.from(file.text, 'utf8');
    const lower = file.text.toLowerCase();
    for (const rule of sure) {
      if (!rule.keywords.some((keyword) => lower.includes(keyword))) continue;
      for (const { secret } of options.scan(bytes, rule)) {
        // A template's own braces are what makes it harmless.
        if (bytes.subarray(secret.start, secret.end).some((b) => b === 0x7b || b === 0x7d || b === 0x5b)) continue;
        const line = 1 + [...bytes.subarray(0, secret.start)].filter((b) => b === 0x0a).length;
        problems.push({
          file: file.name,
          line,
          message: `holds text that the rule ${rule.id} finds: write it as a template`,
        });
      }
    }
  }
}

function spanText(span: Span): string {
  return `${span.start}-${span.end}`;
}

function shown(template: string): string {
  const line = template.replaceAll('\n', '\\n');
  return line.length > 80 ? `${line.slice(0, 77)}…` : line;
}
