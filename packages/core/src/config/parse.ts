/** YAML text → a configuration whose every value knows its line. */
import * as v from 'valibot';
import { isMap, isScalar } from 'yaml';
import type { Document, Node } from 'yaml';
import { parseYaml, yamlFailure } from '../bytes/parse-yaml.ts';
import { parseRe2, Re2SyntaxError } from '../rules/re2-syntax.ts';
import { compile, PatternError } from '../engine/regex.ts';
import { compileGlobs, GlobError } from '../suppress/glob.ts';
import { isDate } from '../suppress/dates.ts';
import { isCredentialId } from '../bytes/ids.ts';
import type { ConfigErrorCode, ConfigProblem } from './error.ts';
import { throwProblems } from './error.ts';
import { nearest } from '../bytes/nearest.ts';
import { configSchema, knownKeys, NOT_AN_OBJECT } from './schema.ts';
import type { ConfigFile } from './schema.ts';

export type KeyPath = readonly (string | number)[];

export interface ParsedConfig {
  readonly name: string;
  readonly config: ConfigFile;
  /** Line of the value at a path, or of what is nearest around it; undefined where there are no lines. */
  readonly lineOf: (path: KeyPath) => number | undefined;
}

/** Aliases that one file may expand to. */
const MAX_ALIASES = 64;
const MAX_PROBLEMS = 20;

/** `name` is said in problems. @throws ConfigError */
export function parseConfig(name: string, source: string): ParsedConfig {
  const { document, lineOf: place, problems } = parseYaml(source);
  throwProblems(problems.slice(0, MAX_PROBLEMS).map((problem) => ({ code: 'bad-yaml', file: name, ...problem })));
  const value = toValue(name, document);
  const lineOf = (path: KeyPath): number | undefined => lineAt(document, path, place);
  return checkConfig({ name, value, lineOf });
}

export interface Unchecked {
  readonly name: string;
  readonly value: unknown;
  readonly lineOf: ParsedConfig['lineOf'];
  /** The key that `name` already says, as a flag does: it is left out of messages. */
  readonly unnamed?: string;
}

/** Checks a value, from a file or put together from flags. @throws ConfigError with everything that is wrong with it */
export function checkConfig({ name, value, lineOf, unnamed }: Unchecked): ParsedConfig {
  const result = v.safeParse(configSchema, value);
  const problems = result.success
    ? meaningProblems(result.output).map(({ path, ...problem }): ConfigProblem => ({
        file: name,
        ...lineField(lineOf(path)),
        ...problem,
      }))
    : result.issues.map((issue) => toProblem(name, lineOf, issue));
  throwProblems(
    problems.slice(0, MAX_PROBLEMS).map((problem) => ({ ...problem, message: withoutKey(problem.message, unnamed) })),
  );
  return { name, config: result.output as ConfigFile, lineOf };
}

/** `rules.disable[0]: must be …` of `--disable-rule` becomes `must be …`. */
function withoutKey(message: string, key: string | undefined): string {
  if (key === undefined || !message.startsWith(key)) return message;
  return message.slice(message.indexOf(': ') + 2);
}

function toValue(name: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throwProblems([{ code: 'bad-yaml', file: name, message: yamlFailure(error) }]);
    return undefined;
  }
}

function toProblem(file: string, lineOf: ParsedConfig['lineOf'], issue: v.BaseIssue<unknown>): ConfigProblem {
  const full = (issue.path ?? []).map((item) => item.key as string | number);
  // A list is an object to the schema, with wrong keys.
  const inList = issue.type === 'strict_object' && Array.isArray(issue.path?.at(-1)?.input);
  const path = inList ? full.slice(0, -1) : full;
  const where = keyText(path);
  const place = { file, ...lineField(lineOf(path)) };
  if (inList) return { code: 'bad-value', ...place, message: `${where === '' ? 'the file' : where}: ${NOT_AN_OBJECT}` };
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const key = String(path.at(-1));
    const near = nearest(key, knownKeys(path.slice(0, -1)) ?? []);
    return {
      code: 'unknown-key',
      ...place,
      message: `unknown key ${where}${near === undefined ? '' : `: did you mean ${near}?`}`,
    };
  }
  if (issue.type === 'strict_object' && issue.received === 'undefined')
    return { code: 'bad-value', ...place, message: `${where} is missing` };
  return { code: 'bad-value', ...place, message: `${where === '' ? 'the file' : where}: ${firstLine(issue.message)}` };
}

/** `rules.overrides.github-pat.severity`, `allow[0].paths[1]` */
export function keyText(path: KeyPath): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

interface MeaningProblem {
  readonly code: ConfigErrorCode;
  readonly path: KeyPath;
  readonly message: string;
}

const CRITERIA = ['rules', 'paths', 'words', 'patterns', 'credentials', 'commits'] as const;

/** What a schema cannot say: globs and patterns that compile, days that exist, entries that ask for something. */
function meaningProblems(config: ConfigFile): MeaningProblem[] {
  const problems: MeaningProblem[] = [];
  const globs = (items: readonly string[] | undefined, path: KeyPath): void =>
    items?.forEach((item, index) => {
      const message = globProblem(item);
      if (message !== undefined)
        problems.push({
          code: 'bad-glob',
          path: [...path, index],
          message: `${keyText([...path, index])}: ${message}`,
        });
    });
  globs(config.paths?.include, ['paths', 'include']);
  globs(config.paths?.exclude, ['paths', 'exclude']);
  config.allow?.forEach((entry, index) => {
    const at: KeyPath = ['allow', index];
    const bad = (path: KeyPath, message: string, code: ConfigErrorCode = 'bad-value'): void => {
      problems.push({ code, path, message: `${keyText(path)}: ${message}` });
    };
    if (!CRITERIA.some((key) => (entry[key]?.length ?? 0) > 0))
      bad(at, `names nothing: give one of ${CRITERIA.join(', ')}`);
    if (entry.until !== undefined && !isDate(entry.until)) bad([...at, 'until'], 'must be a date such as 2027-01-31');
    if (entry.target !== undefined && entry.patterns === undefined)
      bad([...at, 'target'], 'has no meaning without patterns');
    globs(entry.paths, [...at, 'paths']);
    entry.credentials?.forEach((id, i) => {
      if (!isCredentialId(id)) bad([...at, 'credentials', i], 'is no credential id');
    });
    entry.patterns?.forEach((pattern, i) => {
      const message = patternProblem(pattern);
      if (message !== undefined) bad([...at, 'patterns', i], message, 'bad-pattern');
    });
  });
  return problems;
}

function globProblem(glob: string): string | undefined {
  try {
    compileGlobs([glob]);
    return undefined;
  } catch (error) {
    if (error instanceof GlobError) return error.message;
    throw error;
  }
}

/** Our parser says where and what; RE2 itself has the last word. */
function patternProblem(pattern: string): string | undefined {
  try {
    parseRe2(pattern);
    compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof Re2SyntaxError || error instanceof PatternError) return firstLine(error.message);
    throw error;
  }
}

function lineField(line: number | undefined): { line?: number } {
  return line === undefined ? {} : { line };
}

function lineAt(document: Document, path: KeyPath, place: (offset: number) => number): number | undefined {
  let node = document.contents as Node | null | undefined;
  let line = node?.range === undefined || node.range === null ? undefined : place(node.range[0]);
  for (const part of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === part) : undefined;
    const key = pair?.key as Node | undefined;
    const value = (pair === undefined ? elementOf(node, part) : pair.value) as Node | null | undefined;
    const start = (key ?? value)?.range?.[0];
    if (start === undefined) return line;
    line = place(start);
    node = value;
  }
  return line;
}

function elementOf(node: Node | null | undefined, index: string | number): unknown {
  const items: unknown = node !== null && node !== undefined && 'items' in node ? node.items : undefined;
  return Array.isArray(items) && typeof index === 'number' ? (items as readonly unknown[])[index] : undefined;
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').trim();
}
