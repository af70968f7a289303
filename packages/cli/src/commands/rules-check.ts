import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  checkRules,
  createScanner,
  defaultRuleset,
  gates,
  importGitleaks,
  neutralise,
  problemLine,
  RuleError,
  rulesetOf,
  type FoundSecret,
  type Problem,
  type Rule,
  type RuleText,
  type Scanner,
  type Span,
} from '@unleak/core';
import type { Io } from '../io.ts';
import { systemReason } from '../system-reason.ts';
import { writeReport } from '../terminal/write-report.ts';
import { UsageError } from '../usage-error.ts';

/** 0 when all is well, 1 when a file has a problem, 2 when a file cannot be read. */
export async function rulesCheckCommand(_values: object, paths: readonly string[], io: Io): Promise<number> {
  const files = await Promise.all(paths.map((path) => read(path, io)));
  const isToml = (file: RuleText): boolean => file.name.toLowerCase().endsWith('.toml');
  const own = files.filter((file) => !isToml(file));
  const report = checkRules(own, { scan: engineScan(), gates: Object.keys(gates) });
  const lines: string[] = report.problems.map(problemLine);
  let problems = report.problems.length;
  let rules = report.rules.length;
  for (const file of files.filter(isToml)) {
    const { count, found, warnings } = await checkToml(file, io);
    rules += count;
    problems += found.length;
    lines.push(...found.map(problemLine), ...warnings.map((warning) => `${problemLine(warning)} (has no effect)`));
  }
  const nonlocal = report.rules
    .filter((rule) => rule.reach.class === 'nonlocal')
    .map((rule) => `${rule.id}: runs over whole texts, which is slow`);
  const summary = `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${rules} rules, ${problems === 0 ? 'no problems' : `${problems} ${problems === 1 ? 'problem' : 'problems'}`}`;
  await writeReport(
    [...lines, ...nonlocal, summary].map((line) => `${neutralise(line)}\n`),
    undefined,
    io,
  );
  return problems === 0 ? 0 : 1;
}

async function read(path: string, io: Io): Promise<RuleText> {
  try {
    return { name: path, text: await readFile(resolve(io.cwd, path), 'utf8') };
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${systemReason(error)}`);
  }
}

async function checkToml(
  file: RuleText,
  io: Io,
): Promise<{ count: number; found: readonly Problem[]; warnings: readonly Problem[] }> {
  const extended = new Map<string, string>();
  const defaults = await defaultRuleset();
  // What the file extends is read as it asks for it; the importer itself reads nothing.
  for (;;) {
    let wanted: string | undefined;
    try {
      const { ruleset, warnings } = importGitleaks({
        name: file.name,
        text: file.text,
        defaults,
        workingDirectory: io.cwd,
        readText(path) {
          const text = extended.get(path);
          if (text === undefined) wanted = path;
          return text;
        },
      });
      return { count: ruleset.rules.length, found: [], warnings };
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      const text = wanted === undefined ? undefined : await readFile(wanted, 'utf8').catch(() => undefined);
      if (wanted === undefined || text === undefined) return { count: 0, found: error.problems, warnings: [] };
      extended.set(wanted, text);
    }
  }
}

/** Runs single rules; a part that is never reported alone is looked for all the same. */
function engineScan(): (text: Uint8Array, rule: Rule) => readonly FoundSecret[] {
  const scanners = new Map<Rule, Scanner>();
  return (text, rule) => {
    let scanner = scanners.get(rule);
    if (scanner === undefined)
      scanners.set(rule, (scanner = createScanner(rulesetOf([{ ...rule, reportAlone: true }]))));
    return scanner.scan(text).hits.map((hit) => {
      const parts: Record<string, Span> = {};
      for (const [name, part] of Object.entries(hit.parts)) parts[name] = part.span;
      return { secret: hit.span, parts };
    });
  };
}
