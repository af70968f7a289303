/** A repository that is an attack: its programs, its transports, the names that it gives things. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REPORT_FORMATS } from '../../packages/core/src/reports/format-table.ts';
import { makeHostileRepo, type HostileRepo } from '../support/hostile-repo.ts';
import { places, readJsonReport } from '../support/json-report.ts';
import { gitEnvironment, makeRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';
import { pathWithoutGit } from '../support/without-git.ts';

function secretLine(name: string): string {
  return `TOKEN=${githubToken(`hostile ${name}`)}\n`;
}

function makeHostile(): HostileRepo {
  return makeHostileRepo(
    tempFolder(),
    { 'a.env': secretLine('committed') },
    { 'b.env': secretLine('staged') },
    { 'c.env': secretLine('loose') },
  );
}

/** No commit leads to it yet. */
const STAGED_BLOB = ':1';

describe('programs planted in a repository', () => {
  test('plain git runs them, so that the next test means something', () => {
    const { repo, ran } = makeHostile();
    // The filter's long-running form stands before its short ones, and refuses to work.
    const plain = ['-c', 'filter.planted.process=', '-c', 'filter.planted.required=false'];
    const attempts: readonly (readonly string[])[] = [
      ['status'],
      ['log', '-1', '--format=%GG'],
      ['fetch'],
      [...plain, 'log', '-p', '--no-ext-diff'],
      [...plain, 'diff', 'HEAD~1', 'HEAD'],
      [...plain, 'add', 'c.env'],
      [...plain, 'commit', '--allow-empty', '-m', 'x'],
    ];
    for (const args of attempts) {
      try {
        execFileSync('git', args, {
          cwd: repo.path,
          env: gitEnvironment(),
          stdio: ['ignore', 'ignore', 'ignore'],
          timeout: 20_000,
        });
      } catch {
        // What git makes of it does not matter.
      }
    }
    expect(ran()).toEqual(
      expect.arrayContaining([
        'config.worktree core.fsmonitor',
        'diff "planted".textconv',
        'diff "planted".command',
        'filter "planted".process',
        'gpg.program',
        'hook post-index-change',
        'hook pre-commit',
        'remote "origin".url',
      ]),
    );
  });

  test.each<{
    name: string;
    args: (hostile: HostileRepo) => readonly string[];
    finds?: readonly string[];
    without?: boolean;
  }>([
    { name: 'scan', args: () => ['scan', '.', '-f', 'json'], finds: ['a.env:1', 'b.env:1', 'c.env:1', STAGED_BLOB] },
    {
      name: 'scan by path',
      args: ({ repo }) => ['scan', repo.path, '-f', 'json'],
      finds: ['a.env:1', 'b.env:1', 'c.env:1', STAGED_BLOB],
    },
    {
      name: 'scan of the git directory',
      args: ({ repo }) => ['scan', repo.gitDir, '-f', 'json'],
      finds: ['a.env:1', STAGED_BLOB],
    },
    {
      name: 'scan without git installed',
      args: () => ['scan', '.', '--history', 'only', '-f', 'json'],
      finds: ['a.env:1', STAGED_BLOB],
      without: true,
    },
    { name: 'scan --no-git', args: () => ['scan', '--no-git', '-f', 'json'], finds: ['a.env:1', 'b.env:1', 'c.env:1'] },
    { name: 'scan --staged', args: () => ['scan', '--staged', '-f', 'json'], finds: ['b.env:1'] },
    { name: 'scan --since', args: ({ base }) => ['scan', '--since', base, '-f', 'json'], finds: ['a.env:1'] },
    {
      name: 'scan --range',
      args: ({ base }) => ['scan', '--range', `${base}..main`, '-f', 'json'],
      finds: ['a.env:1'],
    },
    { name: 'scan --ref', args: () => ['scan', '--ref', 'v1', '--history', 'only', '-f', 'json'], finds: ['a.env:1'] },
    { name: 'scan of a clone', args: ({ repo }) => ['scan', `file://${repo.path}`, '-f', 'json'] },
    { name: 'explain a file', args: () => ['explain', 'a.env:1'] },
    { name: 'explain a commit', args: () => ['explain', 'HEAD:a.env:1'] },
    { name: 'baseline', args: () => ['baseline'] },
    { name: 'config show', args: () => ['config', 'show'] },
    { name: 'gitleaks git', args: () => ['git', '.', '-v'] },
    { name: 'gitleaks git --log-opts', args: () => ['git', '.', '--log-opts', '--all'] },
    { name: 'gitleaks git --staged', args: () => ['git', '.', '--staged'] },
    { name: 'gitleaks git --pre-commit', args: () => ['git', '.', '--pre-commit'] },
    { name: 'gitleaks protect', args: () => ['protect', '--staged'] },
    { name: 'gitleaks detect', args: () => ['detect'] },
    { name: 'gitleaks dir', args: () => ['dir', '.'] },
  ])('$name runs none', async ({ args, finds, without }) => {
    const hostile = makeHostile();
    const env: Record<string, string> = without === true ? { PATH: pathWithoutGit() } : {};
    const { code, stdout, stderr } = await runCli(args(hostile), { cwd: hostile.repo.path, env });
    expect(hostile.ran()).toEqual([]);
    expect(stderr).not.toMatch(/\n\s+at |mistake of unleak/);
    // It did its work all the same.
    if (finds !== undefined) expect([...places(readJsonReport(stdout))].sort()).toEqual([...finds].sort());
    expect([0, 1, 2]).toContain(code);
  });
});

test('URLs of transports that run programs are refused before git hears of them', async () => {
  const folder = tempFolder();
  const mark = join(folder, 'ran');
  for (const url of [
    `ext::sh -c touch% ${mark}`,
    `ext::touch ${mark}`,
    `fd::17`,
    `foo+ext://x`,
    `--upload-pack=touch ${mark}`,
    `-u${mark}`,
    `ssh://-oProxyCommand=touch ${mark}/x`,
    `git@-oProxyCommand=x:y`,
    'http://example.org/x.git',
    'git://example.org/x.git',
  ]) {
    const { code, stdout } = await runCli(['scan', '-f', 'json', '--', url], { cwd: folder });
    expect.soft(code, url).toBe(2);
    if (stdout !== '') expect.soft(readJsonReport(stdout).summary.complete, url).toBe(false);
  }
  expect(existsSync(mark)).toBe(false);
});

describe('names with line breaks and escape sequences', () => {
  const ESC = '\u001b';
  const name = `evil\n${ESC}[31mred${ESC}]0;title\u0007\u009b1A\r\u202etxt.env`;

  test.each([...REPORT_FORMATS.map(({ id }) => id)])(
    'reach no %s report and no message as they are',
    async (format) => {
      const repo = makeRepo(tempFolder());
      repo.write(name, secretLine('named'));
      repo.commit({
        author: `Eve${ESC}[8m\u009b1A`,
        email: `eve${ESC}@example.org`,
        message: `subject${ESC}[2J\u0007\n\nbody\r${ESC}[1A`,
      });
      repo.git('branch', 'odd-\u009b1A-\u202ename');
      repo.write(`${ESC}[2J loose\n.env`, secretLine('loose'));
      mkdirSync(join(repo.path, `dir${ESC}[31m`));
      repo.write(`dir${ESC}[31m/big.bin`, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]));
      const { code, stdout, stderr } = await runCli(['scan', repo.path, '--format', format, '--log-level', 'debug']);
      expect(code).toBe(1);
      expect(stdout.length).toBeGreaterThan(100);
      expect(control(stdout)).toEqual([]);
      expect(control(stderr)).toEqual([]);
      // No line of its own for what stands behind a line break in a name.
      expect(stdout.split('\n').filter((each) => /^(\\x1b|\[31mred|\.env)/.test(each))).toEqual([]);
    },
  );

  test('nor what explain, baseline and errors say', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, name), secretLine('named'));
    const outputs = [
      await runCli(['explain', `${name}:1`], { cwd: folder }),
      await runCli(['scan', name], { cwd: folder }),
      await runCli(['scan', `gone${ESC}[31m\n`], { cwd: folder }),
      await runCli(['scan', `--${ESC}[31m`], { cwd: folder }),
      await runCli(['scan', '-c', `gone${ESC}[31m\n.yaml`], { cwd: folder }),
      await runCli(['baseline'], { cwd: folder }),
    ];
    for (const { stdout, stderr } of outputs) {
      expect(control(stdout)).toEqual([]);
      expect(control(stderr)).toEqual([]);
    }
    expect(readdirSync(folder)).toContain('.unleak-baseline');
  });

  /** What a terminal obeys, or what turns text around; line feeds and tabs are the report's own. */
  function control(text: string): readonly string[] {
    return [...text]
      .filter((c) => (c < ' ' && c !== '\n' && c !== '\t') || (c >= '\u007f' && c <= '\u009f') || c === '\u202e')
      .map((c) => (c.codePointAt(0) ?? 0).toString(16));
  }
});
