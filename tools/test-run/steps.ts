import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packAll } from '../pack/published.ts';
import { changedFiles, readFolders } from './changed-files.ts';
import { StepFailure, type Step, type StepResult } from './run-steps.ts';
import { root, runNode, runTool } from './run-program.ts';

/** Folders that generators write to and that are committed. */
const generatedFolders = ['docs', 'rules', 'ci'];

const typeProjects = ['packages/core', 'packages/cli', 'test', 'tools'];

export const steps: readonly Step[] = [
  {
    name: 'build',
    title: 'rules, CLI bundle, packages',
    run: each(() => runNode(['tools/bootstrap.mjs', 'build'])),
  },
  { name: 'generated', title: 'generated files are the committed ones', run: checkGenerated },
  { name: 'format', title: 'oxfmt', run: each(() => runTool('oxfmt', ['--check', '.'])) },
  { name: 'lint', title: 'oxlint with types, and our own rules', run: each(() => runTool('oxlint', [])) },
  {
    name: 'types',
    title: 'tsc over sources and tests',
    run: each(...typeProjects.map((project) => () => runTool('tsc', ['-p', project]))),
  },
  {
    name: 'rules',
    title: 'every rule proves itself',
    run: each(() => runNode(['--conditions=dev', 'tools/check-rules.ts'])),
  },
  { name: 'tests', title: 'unit, repository and end-to-end tests', run: runTests },
  { name: 'unused', title: 'knip: no dead files, exports or dependencies', run: each(() => runTool('knip', [])) },
  { name: 'packages', title: 'publint and attw: what is published can be imported as it says', run: checkPackages },
  {
    name: 'self',
    title: 'our own scanner on our own repository',
    run: each(() => runNode(['packages/cli/bin/unleak.mjs', 'scan', '.'])),
  },
];

/** Programs one after the other. */
function each(...programs: readonly (() => Promise<void>)[]): () => Promise<StepResult> {
  return async () => {
    for (const program of programs) await program();
    return { passed: 0 };
  };
}

/** Runs every generator; each must leave its output as it was. */
async function checkGenerated(): Promise<StepResult> {
  const folder = join(root, 'tools/gen');
  const generators = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort();
  const before = readFolders(root, generatedFolders);
  for (const name of generators) await runNode(['--conditions=dev', `tools/gen/${name}`]);
  const changed = changedFiles(before, readFolders(root, generatedFolders));
  if (changed.length > 0) throw new StepFailure(`out of date, and written anew: ${changed.join(', ')}`);
  return { passed: 0 };
}

/** Of the tarballs as they would be published; that they install and work is a matter of test/packages. */
async function checkPackages(): Promise<StepResult> {
  const folder = join(root, '.cache/packages');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of packAll(folder)) {
    await runTool('publint', [file, '--strict']);
    await runTool('attw', ['--profile', 'esm-only', file]);
  }
  return { passed: 0 };
}

/** The part of vitest's JSON report that is read here. */
interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

async function runTests(): Promise<StepResult> {
  const file = join(root, '.cache/logs/tests.json');
  rmSync(file, { force: true });
  const args = [
    'run',
    '--config',
    'test/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${file}`,
  ];
  const failure = await runTool('vitest', args).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const report = readReport(file);
  if (report === undefined) throw failure ?? new StepFailure('vitest wrote no report');
  const passed = report.numPassedTests;
  if (failure !== undefined) {
    throw new StepFailure('tests failed', { passed, failed: Math.max(1, report.numFailedTests) });
  }
  const left = report.numPendingTests + report.numTodoTests;
  if (left > 0) throw new StepFailure(`${left} tests were skipped`, { passed, failed: left });
  return { passed };
}

function readReport(file: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport;
  } catch {
    return undefined;
  }
}
