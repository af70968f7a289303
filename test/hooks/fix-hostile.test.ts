/** `--fix` where something has changed, or lies in its way: nothing is moved that was not found, and nothing gets out. */
import { chmodSync, existsSync, linkSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { hookedRepo, personEnvironment, runHook, type GitRun, type HookedRepo } from '../support/hooked-repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

function fix(repo: HookedRepo, env: Readonly<Record<string, string>> = {}): GitRun {
  return runHook('pre-commit', ['--fix', '--yes'], { cwd: repo.path, env: { ...personEnvironment(), ...env } });
}

function read(repo: HookedRepo, name: string): string {
  return readFileSync(join(repo.path, name), 'utf8');
}

function state(repo: HookedRepo): string {
  return repo.git('status', '--porcelain=v2', '--ignored');
}

/** A git that does something else first when it is asked for this, which is after the scan. */
function gitThat(command: string, script: string): Readonly<Record<string, string>> {
  const folder = tempFolder();
  const program = join(folder, 'git');
  const path = process.env['PATH'] ?? '';
  writeFileSync(
    program,
    `#!/bin/sh\nPATH='${path}'\ncase " $* " in *" ${command} "*) ${script};; esac\nexec git "$@"\n`,
  );
  chmodSync(program, 0o755);
  return { PATH: `${folder}${delimiter}${path}` };
}

test.each<readonly [name: string, other: string]>([
  ['something harmless of the same length', 'x'.repeat(githubToken('').length)],
  ['another token of the same length', githubToken('not the one that was found')],
])('what was staged in the place of the credential after the scan is not moved: %s', (_name, other) => {
  const repo = hookedRepo();
  repo.write('a.js', `const apiToken = "${githubToken('found')}";\n`);
  repo.stage();
  const changed = `const apiToken = "${other}";\n`;
  const { code, said } = fix(repo, gitThat('ls-files', `printf '%s\\n' '${changed.trimEnd()}' > a.js; git add a.js`));
  expect(code, said).toBe(1);
  expect(said).toContain('a.js:1: the file has changed since it was scanned');
  expect(read(repo, 'a.js')).toBe(changed);
  expect(state(repo)).not.toContain('.env');
});

/** Says why, and changes nothing. */
function refuses(repo: HookedRepo, reason: string, env: Readonly<Record<string, string>> = {}): void {
  const before = state(repo);
  const { code, said } = fix(repo, env);
  expect(code, said).toBe(1);
  expect(said).toContain(reason);
  expect(said).not.toContain('unleak: changed');
  expect(state(repo)).toBe(before);
}

function stagedToken(seed: string): HookedRepo {
  const repo = hookedRepo();
  repo.write('a.js', `const apiToken = "${githubToken(seed)}";\n`);
  repo.stage();
  return repo;
}

test('a tracked .ENV is .env where case does not count: it would be committed', () => {
  const repo = stagedToken('case');
  repo.write('.ENV', 'A=1\n');
  repo.git('add', '-f', '.ENV');
  refuses(repo, '.ENV is in git itself');
  refuses(repo, '.ENV is in git itself', { GIT_LITERAL_PATHSPECS: '1' });
});

test('a second name of .env is another place for the value, and one of the source would keep it', () => {
  const repo = stagedToken('hard link');
  const outside = join(tempFolder(), 'shared');
  writeFileSync(outside, 'A=1\n');
  linkSync(outside, join(repo.path, '.env'));
  refuses(repo, '.env is also a file elsewhere');
  expect(readFileSync(outside, 'utf8')).toBe('A=1\n');
  const source = stagedToken('linked source');
  linkSync(join(source.path, 'a.js'), join(tempFolder(), 'copy.js'));
  refuses(source, 'it is also a file elsewhere');
});

test('a .env that is too large to be read is not added to: a name in it could be taken', () => {
  const repo = stagedToken('large');
  repo.write('.env', 'API_TOKEN=mine\n');
  truncateSync(join(repo.path, '.env'), 3 * 2 ** 30);
  refuses(repo, '.env is too large');
});

test('lines of .gitignore that take .env back are overruled', () => {
  const repo = hookedRepo();
  repo.write('.gitignore', '.env\n!.env\n!.e*');
  repo.commit();
  repo.write('a.js', `const apiToken = "${githubToken('negated')}";\n`);
  repo.stage();
  expect(fix(repo).said).toContain('unleak: changed a.js');
  expect(read(repo, '.gitignore')).toBe('.env\n!.env\n!.e*\n.env\n');
  expect(repo.git('check-ignore', '.env')).toBe('.env');
});

test('where the line in .gitignore is gone again before the value is written, no value is moved', () => {
  const repo = stagedToken('unignored');
  const { said } = fix(repo, gitThat('check-ignore', 'rm -f .gitignore'));
  expect(said).toContain('git does not ignore .env');
  expect(read(repo, 'a.js')).toContain(githubToken('unignored'));
  expect(existsSync(join(repo.path, '.env'))).toBe(false);
});

test('a folder on the way that became a link leads nowhere', () => {
  const repo = hookedRepo();
  const text = `const apiToken = "${githubToken('folder')}";\n`;
  repo.write('src/a.js', text);
  repo.stage();
  const outside = tempFolder();
  writeFileSync(join(outside, 'a.js'), text);
  rmSync(join(repo.path, 'src'), { recursive: true });
  repo.link('src', outside);
  refuses(repo, 'src/a.js:1: ');
  expect(readFileSync(join(outside, 'a.js'), 'utf8')).toBe(text);
});

test('a link that takes the place of .env after it was looked at is not followed', () => {
  const repo = stagedToken('swapped');
  const outside = join(tempFolder(), 'outside');
  writeFileSync(outside, '');
  const env = gitThat('check-ignore', `rm -f .env; ln -s "${outside}" .env`);
  const { said } = fix(repo, env);
  expect(said).toContain('.env cannot be written: it is a link');
  expect(readFileSync(outside, 'utf8')).toBe('');
  expect(read(repo, 'a.js')).toContain(githubToken('swapped'));
});

test('twice in a line: both go, to one variable', () => {
  const repo = hookedRepo();
  const token = githubToken('twice');
  repo.write('a.js', `const tokens = ["${token}", "${token}"];\n`);
  repo.stage();
  const { said } = fix(repo);
  const [name = ''] = /[A-Z_]+(?==)/.exec(read(repo, '.env')) ?? [];
  expect(read(repo, 'a.js'), said).toBe(`const tokens = [process.env.${name}, process.env.${name}];\n`);
  expect(read(repo, '.env')).toBe(`${name}=${token}\n`);
});
