import * as v from 'valibot';
import type { Document, Node } from 'yaml';
import { parseYaml, yamlFailure } from '../bytes/parse-yaml.ts';
import type { Problem } from './problem.ts';
import { ruleFileSchema } from './schema.ts';
import type { RuleFile } from './schema.ts';

/** A rule file is read by people; one that is larger is not meant for us. */
export const MAX_FILE_BYTES: number = 1 << 20;
/** YAML aliases that one file may expand to. */
const MAX_ALIASES = 64;
const MAX_PROBLEMS = 50;

export type Parsed =
  | { readonly file: RuleFile; readonly lines: ReadonlyMap<string, number> }
  | { readonly problems: readonly Problem[] };

/**
 * Reads one rule file. `name` is said in problems as it is given. `lines` gives the line of each rule by id.
 * Never throws for what the text holds.
 */
export function parseRuleFile(name: string, source: string): Parsed {
  if (Buffer.byteLength(source) > MAX_FILE_BYTES)
    return { problems: [{ file: name, message: `larger than ${MAX_FILE_BYTES} bytes` }] };
  const { document, lineOf, problems } = parseYaml(source);
  if (problems.length > 0) return { problems: problems.slice(0, MAX_PROBLEMS).map((one) => ({ file: name, ...one })) };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    return { problems: [{ file: name, message: yamlFailure(error) }] };
  }
  const result = v.safeParse(ruleFileSchema, value);
  if (!result.success) {
    return {
      problems: result.issues.slice(0, MAX_PROBLEMS).map((issue) => problemOf(name, value, document, lineOf, issue)),
    };
  }
  const lines = new Map<string, number>();
  result.output.rules.forEach((rule, index) => {
    const line = lineAt(document, ['rules', index], lineOf);
    if (line !== undefined) lines.set(rule.id, line);
  });
  return { file: result.output, lines };
}

function problemOf(
  file: string,
  value: unknown,
  document: Document,
  lineOf: (offset: number) => number,
  issue: v.BaseIssue<unknown>,
): Problem {
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  const unknownKey = issue.type === 'strict_object' && issue.expected === 'never';
  const missing = issue.type === 'strict_object' && !unknownKey && issue.received === 'undefined';
  const rule = path[0] === 'rules' && typeof path[1] === 'number' ? path[1] : undefined;
  const where = keyText(rule === undefined ? path : path.slice(2));
  const message = unknownKey
    ? `unknown key ${where}`
    : missing
      ? `${where} is missing`
      : `${where === '' ? 'the file' : where}: ${firstLine(issue.message)}`;
  const line = lineAt(document, path, lineOf);
  const id = rule === undefined ? undefined : idOf(value, rule);
  return { file, message, ...(line === undefined ? {} : { line }), ...(id === undefined ? {} : { rule: id }) };
}

function keyText(path: readonly (string | number)[]): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

function idOf(value: unknown, index: number): string {
  const rules = typeof value === 'object' && value !== null && 'rules' in value ? value.rules : undefined;
  const rule: unknown = Array.isArray(rules) ? rules[index] : undefined;
  const id = typeof rule === 'object' && rule !== null && 'id' in rule ? rule.id : undefined;
  return typeof id === 'string' ? id : `rule ${index + 1}`;
}

/** The line of the nearest ancestor of `path` that is in the document. */
function lineAt(
  document: Document,
  path: readonly (string | number)[],
  lineOf: (offset: number) => number,
): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : (document.getIn(path.slice(0, length), true) as Node | undefined);
    const start = node?.range?.[0];
    if (start !== undefined) return lineOf(start);
  }
  return undefined;
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').trim();
}
