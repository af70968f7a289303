/**
 * Whether the tests of inheritance would notice it if the engine were wrong: each mutant is a change of the sources that
 * makes some scan by deltas differ from a whole one, or from what a hit is. It is made in a copy of the sources, and the
 * tests must fail: `node --conditions=dev tools/mutants.ts [NAME…]`. A mutant that survives, or whose place in the sources
 * is gone, makes the exit code 1. Takes minutes; not a part of `npm test`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileAssembly } from './build/compile-assembly.ts';
import { type Mutant, MUTANTS } from './mutants/list.ts';

const root = join(import.meta.dirname, '..');
const work = join(root, '.cache', `mutants-${process.pid}`);

/** In rounds, cheap ones first: the first failure ends a run. */
const TESTS: readonly (readonly string[])[] = [
  [
    'test/equivalence/delta-keywords.test.ts',
    'test/equivalence/delta-edges.test.ts',
    'test/equivalence/delta-context.test.ts',
    'test/equivalence/delta-blocks.test.ts',
    'test/equivalence/delta-decoders.test.ts',
    'test/equivalence/delta-packs.test.ts',
  ],
  ['packages/core/src/engine/memo.test.ts', 'packages/core/src/engine/pass.test.ts'],
  ['test/equivalence/delta-limits.test.ts', 'test/equivalence/history.test.ts'],
];
/** One process for a round: most of a file's time would be its start. */
const IN_ONE: readonly string[] = ['--bail', '1', '--no-isolate', '--maxWorkers', '1'];
/** What a round may take; an endless loop counts as noticed. */
const MAX_MILLISECONDS = 300_000;

/** Everything that the tests load, without what was installed: that is linked. */
function copySources(): void {
  mkdirSync(work, { recursive: true });
  const isSource = (path: string): boolean => !/\/(node_modules|dist|\.cache)$/.test(path);
  for (const name of ['packages', 'test', 'tools', 'rules', 'package.json', 'tsconfig.base.json'])
    cpSync(join(root, name), join(work, name), { recursive: true, filter: isSource });
  for (const name of ['', 'packages/core', 'packages/cli', 'test', 'tools'])
    symlinkSync(join(root, name, 'node_modules'), join(work, name, 'node_modules'));
}

/** Gives the files as they were; undefined where the text is not there exactly once. */
function apply({ changes }: Mutant): ReadonlyMap<string, string> | undefined {
  const before = new Map<string, string>();
  for (const { file, from, to } of changes) {
    const path = join(work, 'packages/core', file);
    const text = readFileSync(path, 'utf8');
    if (!before.has(path)) before.set(path, text);
    if (text.split(from).length !== 2) {
      restore(before);
      return undefined;
    }
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  return before;
}

function restore(before: ReadonlyMap<string, string>): void {
  for (const [path, text] of before) writeFileSync(path, text);
}

/** Compiles what the mutant changes; gives what was compiled before, to be put back. */
function compile({ changes }: Mutant): ReadonlyMap<string, string> {
  const one = changes.find(({ file }) => file.startsWith('assembly/'));
  if (one === undefined) return new Map();
  const name = PACK_SOURCES.has(one.file) ? 'pack' : 'engine';
  const compiled = join(
    work,
    'packages/core/src',
    name === 'pack' ? 'sources/git/pack' : 'engine',
    `generated/${name}.ts`,
  );
  const before = new Map([[compiled, readFileSync(compiled, 'utf8')]]);
  compileAssembly(join(work, 'packages/core'), name);
  return before;
}

const PACK_SOURCES: ReadonlySet<string> = new Set(['assembly/delta.ts']);

/** The test of a round that fails first, or undefined when all pass. */
function failingTest(files: readonly string[]): string | undefined {
  const report = join(work, 'report.json');
  rmSync(report, { force: true });
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.config.ts', ...IN_ONE];
  const { status } = spawnSync(process.execPath, [...args, '--reporter', 'json', '--outputFile', report, ...files], {
    cwd: join(work, 'test'),
    stdio: 'ignore',
    timeout: MAX_MILLISECONDS,
  });
  return status === 0 ? undefined : nameOfFailure(report);
}

interface VitestReport {
  readonly testResults: readonly {
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function nameOfFailure(report: string): string {
  if (!existsSync(report)) return 'a crash, or no end';
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find((one) => one.status === 'failed');
  return failed?.fullName ?? testResults.find(({ message }) => message !== '')?.message ?? 'no test at all';
}

/** How a mutant fares in a round. */
function judge(mutant: Mutant, files: readonly string[]): string | undefined {
  const before = apply(mutant);
  if (before === undefined) return undefined;
  try {
    const compiled = compile(mutant);
    const failing = failingTest(files);
    restore(compiled);
    return failing;
  } finally {
    restore(before);
  }
}

const wanted = process.argv.slice(2);
const chosen = MUTANTS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
let alive: readonly Mutant[] = chosen;
let lost: readonly Mutant[] = [];
try {
  copySources();
  lost = chosen.filter((mutant) => {
    const before = apply(mutant);
    restore(before ?? new Map());
    return before === undefined;
  });
  alive = chosen.filter((mutant) => !lost.includes(mutant));
  for (const files of TESTS) {
    if (alive.length === 0) break;
    const broken = failingTest(files);
    if (broken !== undefined) throw new Error(`this fails without any mutant: ${broken}`);
    alive = alive.filter((mutant) => {
      const failing = judge(mutant, files);
      if (failing !== undefined) process.stdout.write(`killed    ${mutant.name.padEnd(62)} ${failing}\n`);
      return failing === undefined;
    });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const { name } of alive) process.stdout.write(`SURVIVES  ${name}\n`);
for (const { name } of lost) process.stdout.write(`NO PLACE  ${name}\n`);
const killed = chosen.length - alive.length - lost.length;
process.stdout.write(`${chosen.length} mutants, ${killed} killed\n`);
if (killed < chosen.length) process.exitCode = 1;
