/**
 * Checks rule files: `node --conditions=dev tools/check-rules.ts [--release] [files…]` (default: all of rules/).
 * Prints one line for each problem, and for each open rule its reach with `--list`. Exit code 1 if there is a problem.
 * `--release` adds new ids to rules/released-ids.txt, for ever.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkRules } from '../packages/core/src/rules/check.ts';
import { problemLine } from '../packages/core/src/rules/problem.ts';
import { readRuleFiles } from './rule-files.ts';
import { engineScan, gateNames } from './scan-with-engine.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { release: { type: 'boolean', default: false }, list: { type: 'boolean', default: false } },
});
const root = join(import.meta.dirname, '..');
const released = join(root, 'rules/released-ids.txt');
const all = positionals.length === 0;

if (values.release && !all) fail('--release checks all files: name none');
else run();

function run(): void {
  const unreadable = positionals.find((path) => !existsSync(path));
  if (unreadable !== undefined) return fail(`${unreadable}: there is no such file`);
  const files = all
    ? readRuleFiles(root)
    : positionals.map((path) => ({
        name: relative(root, resolve(path)).replaceAll('\\', '/'),
        text: readFileSync(path, 'utf8'),
      }));
  const releasedIds = existsSync(released)
    ? readFileSync(released, 'utf8')
        .split('\n')
        .filter((id) => id !== '')
    : [];
  const report = checkRules(files, { scan: engineScan(), gates: gateNames, ...(all ? { releasedIds } : {}) });

  for (const problem of report.problems) print(problemLine(problem));
  if (values.list) for (const { id, forward } of report.open) print(`open: ${id} looks ${forward} bytes ahead`);
  const counts = `${files.length} files, ${report.rules.length} rules, ${report.open.length} of them open`;
  print(`${counts}, ${report.problems.length} problems`);
  if (report.problems.length > 0) process.exitCode = 1;
  else if (values.release) {
    const ids = [...new Set([...releasedIds, ...report.ids])].sort();
    writeFileSync(released, ids.map((id) => `${id}\n`).join(''));
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
