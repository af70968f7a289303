/** `unleak hook pre-commit --fix --yes` in real repositories: what is changed, what stays, and that nothing gets lost. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { traces } from '../support/canary.ts';
import { hookedRepo, personEnvironment, runHook, type GitRun, type HookedRepo } from '../support/hooked-repo.ts';
import { databaseUrl, githubToken, privateKey } from '../support/tokens.ts';

const bin = join(import.meta.dirname, '../../packages/cli/bin/unleak.mjs');
const clean = 'const width = 3;\n';

function fix(
  repo: HookedRepo,
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = ['--yes'],
): GitRun {
  return runHook('pre-commit', ['--fix', ...flags], { cwd: repo.path, env: { ...personEnvironment(), ...env } });
}

function read(repo: HookedRepo, name: string): string {
  return readFileSync(join(repo.path, name), 'utf8');
}

function mode(repo: HookedRepo, name: string): number {
  return statSync(join(repo.path, name)).mode & 0o777;
}

test('the literal becomes a variable, the value is in an ignored .env, and the commit passes afterwards', () => {
  const repo = hookedRepo();
  const token = githubToken('fix');
  repo.commitFiles({ 'a.js': clean });
  repo.write('a.js', `${clean}export const githubToken = "${token}";\n`);
  repo.stage();
  const { code, said } = fix(repo);
  expect(code, said).toBe(1);
  expect(read(repo, 'a.js')).toBe(`${clean}export const githubToken = process.env.GITHUB_TOKEN;\n`);
  expect(read(repo, '.env')).toBe(`GITHUB_TOKEN=${token}\n`);
  expect(mode(repo, '.env')).toBe(0o600);
  expect(read(repo, '.gitignore')).toBe('.env\n');
  expect(repo.git('diff', '--cached', '--name-only')).toBe('.gitignore\na.js');
  expect(repo.git('status', '--porcelain')).not.toContain('??');
  expect(said).toContain('a.js:2: read it as process.env.GITHUB_TOKEN');
  expect(traces(Buffer.from(said), [token.slice(4)])).toEqual([]);
  expect(repo.run(['commit', '-m', 'x']).code).toBe(0);
});

test.each<readonly [name: string, command: string, program: (token: string) => string]>([
  ['print.mjs', process.execPath, (token) => `const config = { token: '${token}' };\nconsole.log(config.token);\n`],
  ['print.py', 'python3', (token) => `# prints\nimport sys\ntoken = "${token}"\nprint(token)\n`],
  ['print.sh', 'sh', (token) => `TOKEN=${token}\necho "$TOKEN"\n`],
])('%s says the same afterwards, with .env in its environment', (name, command, program) => {
  const repo = hookedRepo();
  const token = githubToken(name);
  repo.write(name, program(token));
  repo.stage();
  const { said } = fix(repo);
  expect(read(repo, name), said).not.toContain(token);
  const ran = spawnSync('sh', ['-c', `set -a; . ./.env; exec "$0" "$1"`, command, name], {
    cwd: repo.path,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  expect(ran.stdout, ran.stderr).toBe(`${token}\n`);
});

test('encoding, line ends, mode and everything else of the file stay as they are', () => {
  const repo = hookedRepo();
  const token = githubToken('bytes');
  const before = Buffer.concat([
    Buffer.from([0xef, 0xbb, 0xbf]),
    Buffer.from('// \u00e4\r\n'),
    Buffer.from([0x2f, 0x2f, 0xe4, 0xff, 0x0d, 0x0a]),
    Buffer.from(`const apiToken = '${token}';\r\nlast line without an end`),
  ]);
  repo.write('a.js', before);
  chmodSync(join(repo.path, 'a.js'), 0o755);
  repo.stage();
  const { said } = fix(repo);
  const after = readFileSync(join(repo.path, 'a.js'));
  const expected = before.toString('latin1').replace(`'${token}'`, 'process.env.API_TOKEN');
  expect(after.toString('latin1'), said).toBe(expected);
  expect(mode(repo, 'a.js')).toBe(0o755);
  expect(repo.git('ls-files', '--stage', 'a.js')).toMatch(/^100755/);
});

test('a file with other line ends in git than here is fixed where it lies', () => {
  const repo = hookedRepo();
  repo.git('config', 'core.autocrlf', 'true');
  const token = githubToken('crlf');
  repo.write('a.js', `let a;\r\nconst apiToken = "${token}";\r\n`);
  repo.stage();
  fix(repo);
  expect(read(repo, 'a.js')).toBe('let a;\r\nconst apiToken = process.env.API_TOKEN;\r\n');
  expect(repo.git('show', ':a.js')).toBe('let a;\nconst apiToken = process.env.API_TOKEN;');
});

test('names: an entry with another value keeps its own, one with the same value is used, the rest of .env stays', () => {
  const repo = hookedRepo();
  const [first, second] = [githubToken('first'), githubToken('second')];
  repo.write('.gitignore', '*.env\n.env*\n');
  repo.commit();
  repo.write('.env', `# mine\nAPI_TOKEN=other\nOTHER_TOKEN='${second}'\nLAST=1`);
  chmodSync(join(repo.path, '.env'), 0o640);
  repo.write('a.js', `const apiToken = "${first}";\nconst otherToken = "${second}";\nconst again = ["${first}"];\n`);
  repo.stage();
  const { said } = fix(repo);
  expect(read(repo, 'a.js'), said).toBe(
    'const apiToken = process.env.API_TOKEN_2;\nconst otherToken = process.env.OTHER_TOKEN;\nconst again = [process.env.API_TOKEN_2];\n',
  );
  expect(read(repo, '.env')).toBe(`# mine\nAPI_TOKEN=other\nOTHER_TOKEN='${second}'\nLAST=1\nAPI_TOKEN_2=${first}\n`);
  expect(mode(repo, '.env')).toBe(0o640);
  expect(read(repo, '.gitignore')).toBe('*.env\n.env*\n');
});

test('an address goes as a whole', () => {
  const repo = hookedRepo();
  const { url } = databaseUrl('fix');
  repo.write('db.py', `import os\n\nDB = "${url}"\n`);
  repo.stage();
  const { said } = fix(repo);
  expect(read(repo, 'db.py'), said).toBe('import os\n\nDB = os.environ["DATABASE_URL"]\n');
  expect(read(repo, '.env')).toBe(`DATABASE_URL=${url}\n`);
});

/** Nothing of it is changed: neither this file nor any other, in the work tree or in the index. */
function refuses(repo: HookedRepo, reason: string, env: Readonly<Record<string, string>> = {}): void {
  const tree = (): string => repo.git('status', '--porcelain=v2', '--ignored');
  const before = tree();
  const { code, said } = fix(repo, env);
  expect(code, said).toBe(1);
  expect(said).toContain(reason);
  expect(said).not.toContain('unleak: changed');
  expect(tree()).toBe(before);
}

test('a partly staged file is refused: what is not staged must not be staged by us', () => {
  const repo = hookedRepo();
  repo.write('a.js', `const apiToken = "${githubToken('partly')}";\n`);
  repo.stage();
  repo.write('a.js', `const apiToken = "${githubToken('partly')}";\nnot yet\n`);
  refuses(repo, 'partly staged');
  expect(read(repo, 'a.js')).toContain('not yet');
});

test('a file that was only touched since it was staged is wholly staged', () => {
  const repo = hookedRepo();
  repo.write('a.js', `const apiToken = "${githubToken('touched')}";\n`);
  repo.stage();
  utimesSync(join(repo.path, 'a.js'), 1_000_000_000, 1_000_000_000);
  expect(fix(repo).said).toContain('unleak: changed a.js');
});

test('a tracked .env, a linked one, and one that is a folder are refused', () => {
  const make = (): HookedRepo => {
    const repo = hookedRepo();
    repo.write('a.js', `const apiToken = "${githubToken('refused')}";\n`);
    repo.stage();
    return repo;
  };
  const tracked = make();
  tracked.write('.env', 'A=1\n');
  tracked.git('add', '-f', '.env');
  refuses(tracked, '.env is in git itself');
  const linked = make();
  symlinkSync('/nowhere', join(linked.path, '.env'));
  refuses(linked, '.env is no plain file');
  const folder = make();
  mkdirSync(join(folder.path, '.env'));
  refuses(folder, '.env is no plain file');
});

test('what cannot be replaced stays, with a reason, beside what can', () => {
  const repo = hookedRepo();
  const token = githubToken('beside');
  repo.write('a.js', `const apiToken = "${token}";\n`);
  repo.write('b.json', `{ "token": "${githubToken('json')}" }\n`);
  repo.write('deploy.pem', privateKey('fix'));
  repo.write('c.txt', Buffer.from(`token=${githubToken('encoded')} and more`).toString('base64'));
  repo.stage();
  const { said } = fix(repo);
  expect(read(repo, 'a.js')).toBe('const apiToken = process.env.API_TOKEN;\n');
  for (const reason of ['b.json:1: JSON has no variables', 'deploy.pem:1: a key', 'c.txt:1: '])
    expect(said).toContain(reason);
  expect(repo.git('diff', '--cached', '--name-only').split('\n')).toContain('b.json');
});

test('without --yes and without a terminal nothing is changed, and nothing without --fix', async () => {
  const repo = hookedRepo();
  repo.write('a.js', `const apiToken = "${githubToken('asked')}";\n`);
  repo.stage();
  // A session of its own has no terminal.
  const child = spawn(process.execPath, [bin, 'hook', 'pre-commit', '--fix'], {
    cwd: repo.path,
    env: personEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  for await (const chunk of child.stderr) said += String(chunk);
  expect(said).toContain('no terminal to ask on');
  expect(read(repo, 'a.js')).toContain(githubToken('asked'));
  expect(repo.run(['commit', '-m', 'x']).code).toBe(1);
  expect(existsSync(join(repo.path, '.env'))).toBe(false);
});

test.each<readonly [answer: string, isDone: boolean]>([
  ['y', true],
  ['Yes', true],
  ['n', false],
  ['', false],
  ['yellow', false],
])('on a terminal it asks: %j', (answer, isDone) => {
  const repo = hookedRepo();
  const token = githubToken(`asked ${answer}`);
  repo.write('a.js', `const apiToken = "${token}";\n`);
  repo.stage();
  const command = `"${process.execPath}" "${bin}" hook pre-commit --fix`;
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: repo.path,
    env: { ...personEnvironment(), TERM: 'xterm', SHELL: '/bin/sh' },
    input: `${answer}\n`,
    encoding: 'utf8',
  });
  expect(stdout).toContain('Do this? [y/N]');
  expect(stdout).toContain(isDone ? 'unleak: changed a.js' : 'nothing was changed');
  expect(read(repo, 'a.js').includes(token)).toBe(!isDone);
});

test('within git commit -a the index of that commit is thrown away: the files are changed, and nothing is staged', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': clean });
  const hook = join(repo.gitDir, 'hooks/pre-commit');
  writeFileSync(hook, readFileSync(hook, 'utf8').replace('"$@"', '--fix --yes'));
  const token = githubToken('dash a');
  repo.write('a.js', `const apiToken = "${token}";\n`);
  const { code, said } = repo.run(['commit', '-a', '-m', 'x']);
  expect(code, said).toBe(1);
  expect(said).toContain('nothing of it is staged');
  expect(read(repo, 'a.js')).toBe('const apiToken = process.env.API_TOKEN;\n');
  expect(repo.git('diff', '--cached', '--name-only')).toBe('');
  expect(repo.run(['commit', '-a', '-m', 'x']).code).toBe(0);
});

test('within git commit a fixed file is staged again, and the next commit has it', () => {
  const repo = hookedRepo();
  const hook = join(repo.gitDir, 'hooks/pre-commit');
  writeFileSync(hook, readFileSync(hook, 'utf8').replace('"$@"', '--fix --yes'));
  repo.write('a.js', `const apiToken = "${githubToken('within')}";\n`);
  repo.stage();
  expect(repo.run(['commit', '-m', 'x']).code).toBe(1);
  const second = repo.run(['commit', '-m', 'x']);
  expect(second.code, second.said).toBe(0);
  expect(repo.git('show', 'HEAD:a.js')).toBe('const apiToken = process.env.API_TOKEN;');
  expect(repo.git('ls-tree', '--name-only', 'HEAD')).toBe('.gitignore\na.js');
});

test('where a file cannot be replaced, its value is safe in .env and the file stays as it was', () => {
  const repo = hookedRepo();
  const token = githubToken('no room');
  // So deep that the name of a file beside it would be too long for the system.
  const most = Number(spawnSync('getconf', ['PATH_MAX', '/'], { encoding: 'utf8' }).stdout) - 1;
  const folders: string[] = [];
  let left = most - `${repo.path}/a.js`.length - 8;
  for (; left > 60; left -= 51) folders.push('d'.repeat(50));
  folders.push('e'.repeat(left - 1));
  const path = `${folders.join('/')}/a.js`;
  repo.write(path, `const apiToken = "${token}";\n`);
  repo.stage();
  const { said } = fix(repo);
  expect(said).toContain('stays as it is: ENAMETOOLONG');
  expect(read(repo, path)).toContain(token);
  expect(read(repo, '.env')).toBe(`API_TOKEN=${token}\n`);
  expect(said).not.toContain('unleak: changed');
});
