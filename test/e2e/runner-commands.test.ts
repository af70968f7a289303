/** In a step of GitHub Actions (`run: unleak …`) no name that somebody else gave becomes a command to the runner. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readJsonReport } from '../support/json-report.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { runnerCommands } from '../support/runner-commands.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const runner = { GITHUB_ACTIONS: 'true' };
const names = [
  'a.env',
  '::add-mask::b.env',
  '  ::error file=x::c.env',
  '\u3000::stop-commands::d.env',
  '\r\n::warning::e.env',
  '##[add-mask]f.env',
  'x ##[error]g.env',
];

/** One credential in all of them, so that the places of one finding stand below each other. */
function hostile(): TestRepo {
  const repo = makeRepo(tempFolder());
  for (const name of names) {
    const path = join(repo.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `TOKEN=${githubToken('runner')}\n`);
  }
  return repo;
}

/** A report for people shows five places of a finding, the first one behind a word of ours. */
function alone(name: string): TestRepo {
  const repo = makeRepo(tempFolder());
  for (const each of ['!.env', name]) {
    mkdirSync(dirname(join(repo.path, each)), { recursive: true });
    writeFileSync(join(repo.path, each), `TOKEN=${githubToken('runner')}\n`);
  }
  repo.stage();
  return repo;
}

test.each(names.slice(1))('%j is no command, in any report and message', async (name) => {
  const repo = alone(name);
  const commands: readonly (readonly string[])[] = [
    ['scan', '--no-git', '.'],
    ['scan', '--staged'],
    ['scan', '.', '-f', 'csv'],
    ['hook', 'pre-commit'],
    ['hook', 'pre-commit', '--budget', '0s'],
    ['hook', 'pre-commit', '--fix', '--yes'],
    ['explain', `${name}:1`],
    ['dir', '.', '-v'],
    ['scan', name.trim() === '' ? '.' : `${name}.gone`],
    ['scan', '--config', `${name}.gone`],
  ];
  for (const args of commands) {
    const { stdout, stderr } = await runCli(args, { cwd: repo.path, env: runner });
    const isData = args.includes('csv');
    const given = runnerCommands(stderr + (isData ? stdout.replaceAll('##[', '') : stdout));
    expect.soft(given, `${args.join(' ')}\n${stdout}${stderr}`).toEqual([]);
  }
});

test('what programs read is what it is everywhere else', async () => {
  const { path } = hostile();
  const here = await runCli(['scan', '--no-git', '.', '-f', 'json'], { cwd: path, env: runner });
  const elsewhere = await runCli(['scan', '--no-git', '.', '-f', 'json'], { cwd: path });
  const paths = (text: string): readonly string[] =>
    readJsonReport(text).findings.flatMap(({ sightings }) => sightings.map((sighting) => sighting.path));
  expect(paths(here.stdout)).toEqual(paths(elsewhere.stdout));
  expect(paths(here.stdout)).toHaveLength(names.length);
});

test('anywhere else names are shown as they are, which the runner would take: the tests above mean something', async () => {
  const { path } = alone('::add-mask::b.env');
  const { stdout } = await runCli(['scan', '--staged'], { cwd: path });
  expect(runnerCommands(stdout).map(({ name }) => name)).toEqual(['add-mask']);
});
