/** What a person reads whose commit was stopped, and that doing what it says works. */
import { expect, test } from 'vitest';
import { pathWith } from '../support/hook-scratch.ts';
import { hookedRepo, personEnvironment, runHook, type HookedRepo } from '../support/hooked-repo.ts';
import { programFolder } from '../support/real-hooks.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken, privateKey } from '../support/tokens.ts';

function hook(repo: HookedRepo, env: Readonly<Record<string, string>> = {}): { code: number; said: string } {
  const PATH = pathWith(programFolder(tempFolder()));
  return runHook('pre-commit', [], { cwd: repo.path, env: { ...personEnvironment(), PATH, ...env } });
}

/** The line behind one that says this, as somebody would copy it. */
function lineBehind(said: string, sentence: string): string {
  const lines = said.split('\n').map((line) => line.trim());
  return lines[lines.findIndex((line) => line.endsWith(sentence)) + 1] ?? '';
}

test.each<readonly [path: string, reads: string]>([
  ['a.js', 'process.env.GITHUB_TOKEN'],
  ['a.tsx', "process.env.GITHUB_TOKEN ?? ''"],
  ['a.py', 'os.environ["GITHUB_TOKEN"]'],
  ['a.rb', 'ENV.fetch("GITHUB_TOKEN")'],
  ['a.go', 'os.Getenv("GITHUB_TOKEN")'],
  ['A.java', 'System.getenv("GITHUB_TOKEN")'],
  ['a.kt', 'System.getenv("GITHUB_TOKEN")'],
  ['A.cs', 'System.Environment.GetEnvironmentVariable("GITHUB_TOKEN")'],
  ['a.php', 'getenv("GITHUB_TOKEN")'],
  ['a.rs', 'std::env::var("GITHUB_TOKEN")?'],
  ['a.sh', '"${GITHUB_TOKEN}"'],
  ['docker-compose.yml', '${GITHUB_TOKEN}'],
  ['.github/workflows/ci.yml', '${{ secrets.GH_TOKEN }}'],
  ['main.tf', 'var.github_token'],
  ['a.yaml', ''],
  ['a.toml', ''],
  ['a.ini', ''],
  ['a.html', ''],
  ['a.sql', ''],
  ['Dockerfile', ''],
])('in %s: how it is read from the environment, and the comment that accepts it does', (path, reads) => {
  const repo = hookedRepo();
  const line = `token = "${githubToken(path)}"\n`;
  repo.write(path, line);
  repo.stage();
  const { code, said } = hook(repo);
  expect(code).toBe(1);
  if (reads !== '')
    expect(lineBehind(said, 'Read it from the environment. In ' + (/In ([^:]+):$/m.exec(said)?.[1] ?? '') + ':')).toBe(
      reads,
    );
  const comment = lineBehind(said, 'Say so in the line above, with a reason:');
  expect(comment).toContain('unleak:allow[');
  repo.write(path, `${comment}\n${line}`);
  repo.stage();
  expect(hook(repo)).toEqual({ code: 0, said: '' });
});

test('in JSON, which has no comments, the finding is accepted by its id', () => {
  const repo = hookedRepo();
  repo.write('a.json', `{ "token": "${githubToken('json')}" }\n`);
  repo.stage();
  const { said } = hook(repo);
  expect(said).toContain('JSON has no variables');
  expect(said).not.toContain('unleak:allow');
  expect(said).toMatch(/unleak ignore c1_[a-z2-7]+ --reason/);
});

test('a key file, and a .env: the command that takes it out of git does that', () => {
  for (const [path, text] of [
    ["deploy keys/it's.pem", privateKey('message')],
    ['service/.env', `TOKEN=${githubToken('env')}\n`],
  ] as const) {
    const repo = hookedRepo();
    repo.write(path, text);
    repo.stage();
    const { said } = hook(repo);
    const command = /git rm --cached -- .+/.exec(said)?.[0] ?? '';
    expect(command, said).not.toBe('');
    expect(repo.gitWith({}, '-c', `alias.do=!${command}`, 'do').toString()).toContain(`rm '${path}'`);
    expect(hook(repo)).toEqual({ code: 0, said: '' });
  }
});

test('a key within a program is no reason to take the program out of git; an example keeps its names', () => {
  const repo = hookedRepo();
  repo.write('a.js', `const key = \`${privateKey('in code')}\`;\n`);
  repo.write('.env.example', `TOKEN=${githubToken('example')}\n`);
  repo.stage();
  const { said } = hook(repo);
  expect(said).toContain('a.js:1');
  expect(said).toContain('Leave the value empty');
  expect(said).not.toContain('git rm --cached');
});

test('an exit code that is configured for scans does not let a commit pass', () => {
  const repo = hookedRepo();
  repo.write('a.js', `const apiToken = "${githubToken('exit code')}";\n`);
  repo.stage();
  expect(hook(repo, { UNLEAK_EXIT_CODE: '0' }).code).toBe(1);
});

test('it says what it is, why it matters, and all the ways on, to somebody who knows nothing of us', () => {
  const repo = hookedRepo();
  const token = githubToken('people');
  repo.write('src/a.js', `\n\nconst token = "${token}";\n`);
  repo.stage();
  const { said } = hook(repo);
  expect(said).toMatch(/^unleak: this commit was stopped, because it would bring in a credential/);
  for (const part of [
    'src/a.js:3  GitHub personal access token',
    'ghp_**** (40 bytes, held by token)',
    'use it as you do at GitHub',
    'stays in the history',
    'git add',
    'unleak hook pre-commit --fix',
    'https://github.com/settings/tokens',
    'SKIP=unleak git commit',
    '--no-verify',
    'CI will see it',
  ])
    expect(said.replaceAll(/\s+/g, ' ')).toContain(part.replaceAll(/\s+/g, ' '));
  expect(said).not.toContain('\u001b');
  for (const line of said.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(hook(repo, { FORCE_COLOR: '1' }).said).toContain('\u001b[');
  expect(hook(repo, { NO_COLOR: '1' }).said).toBe(said);
});

test('a finding that is not sure enough does not stop anybody, unless that is asked for', () => {
  const repo = hookedRepo();
  const token = githubToken('unproven');
  repo.write('a.js', `const token = "${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}";\n`);
  repo.stage();
  expect(hook(repo)).toEqual({ code: 0, said: '' });
  expect(hook(repo, { UNLEAK_FAIL_ON: 'low' }).code).toBe(1);
  expect(hook(repo, { UNLEAK_FAIL_ON: 'none' }).code).toBe(0);
});
