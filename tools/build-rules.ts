/**
 * Makes the ruleset that core ships, ruleset.json (an index), rules.jsonl and tables.bin (what the engine searches with) in
 * packages/core/src/rules/generated/, from the files in rules/. Does nothing when neither they nor what compiles them has changed. Prints one line for each
 * problem and exits with 1.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { entriesOf, rulesWithPattern } from '../packages/core/src/engine/entries.ts';
import { packTables } from '../packages/core/src/engine/tables-image.ts';
import { layTables } from '../packages/core/src/engine/tables.ts';
import { packRuleset } from '../packages/core/src/rules/packed.ts';
import { RuleError, problemLine } from '../packages/core/src/rules/problem.ts';
import { buildRuleset } from '../packages/core/src/rules/ruleset.ts';
import type { RuleText } from '../packages/core/src/rules/ruleset.ts';
import { SHARED_PARTS } from '../packages/core/src/rules/shorthand.ts';
import type { Ruleset } from '../packages/core/src/types/index.ts';
import { sourcesOf } from './build/sources-of.ts';
import { readRuleFiles } from './rule-files.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'packages/core/src/rules/generated');
const output = join(folder, 'ruleset.json');
const lines = join(folder, 'rules.jsonl');
const tables = join(folder, 'tables.bin');
const stamp = `${output}.stamp`;

const files = readRuleFiles(root);
const key = stampOf(files);
if (read(stamp) !== key || ![output, lines, tables].every((path) => existsSync(path))) build();

function build(): void {
  try {
    const ruleset = buildRuleset(files);
    const packed = packRuleset(ruleset, SHARED_PARTS);
    mkdirSync(folder, { recursive: true });
    write(lines, packed.lines);
    write(tables, tablesOf(ruleset));
    write(output, `${JSON.stringify(packed.index)}\n`);
    write(stamp, key);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    for (const problem of error.problems) process.stderr.write(`${problemLine(problem)}\n`);
    process.exitCode = 1;
  }
}

/** @throws RangeError for rules that are run over whole texts: a scan would have to read all to find them */
function tablesOf(ruleset: Ruleset): Uint8Array {
  const rules = rulesWithPattern(ruleset);
  const whole = rules.find((rule) => rule.reach.class === 'nonlocal');
  if (whole !== undefined) throw new RangeError(`rule ${whole.id} has no bounded reach`);
  const numbers = new Map(ruleset.rules.map((rule, number) => [rule, number]));
  return packTables(
    layTables(rules.flatMap((rule, index) => entriesOf(rule, index))),
    rules.map((rule) => numbers.get(rule) ?? -1),
  );
}

/** Over the rule files and the modules that compile them, this one among them. */
function stampOf(texts: readonly RuleText[]): string {
  const hash = createHash('sha256').update(process.version);
  const add = (name: string, text: string): void => void hash.update(`${name}\0${text.length}\0`).update(text);
  for (const { name, text } of texts) add(name, text);
  for (const path of sourcesOf(import.meta.filename)) add(relative(root, path), readFileSync(path, 'utf8'));
  return hash.digest('hex');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A reader sees the old file or the new one, never half of it. */
function write(path: string, text: string | Uint8Array): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}
