/** Hooks in a repository that is an attack, and in an environment that somebody else has prepared. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHostileRepo } from '../support/hostile-repo.ts';
import { hookedRepo, personEnvironment, runHook, type GitRun, type HookedRepo } from '../support/hooked-repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const line = (seed: string): string => `const token = "${githubToken(seed)}";\n`;
const ZERO = '0'.repeat(40);

function preCommit(cwd: string, env: Readonly<Record<string, string>> = {}): GitRun {
  return runHook('pre-commit', [], { cwd, env: { ...personEnvironment(), ...env } });
}

function prePush(cwd: string, input: string, args: readonly string[] = ['origin', 'url']): GitRun {
  return runHook('pre-push', args, { cwd, env: personEnvironment(), input });
}

function withStaged(seed: string): HookedRepo {
  const repo = hookedRepo();
  repo.commitFiles({ 'old.js': 'x\n' });
  repo.write('a.js', line(seed));
  repo.stage();
  return repo;
}

test('what a repository plants is run by neither hook, and they do their work', () => {
  const { repo, ran, base } = makeHostileRepo(
    tempFolder(),
    { 'a.env': line('committed') },
    { 'b.env': line('staged') },
    {},
  );
  const commit = preCommit(repo.path);
  expect(commit.code, commit.said).toBe(1);
  expect(commit.said).toContain('b.env:1');
  const head = readFileSync(join(repo.gitDir, 'refs/heads/main'), 'utf8').trim();
  const push = prePush(repo.path, `refs/heads/main ${head} refs/heads/main ${base}\n`);
  expect(push.code, push.said).toBe(1);
  expect(push.said).toContain('a.env:1');
  expect(ran()).toEqual([]);
});

test('the index that git names to its hook is the one that is scanned, wherever it lies', () => {
  const repo = hookedRepo();
  repo.commitFiles({ 'old.js': 'x\n' });
  const GIT_INDEX_FILE = join(tempFolder(), 'index');
  repo.write('a.js', line('other index'));
  repo.gitWith({ env: { GIT_INDEX_FILE } }, 'add', '-A');
  const { code, said } = repo.run(['commit', '-m', 'x'], { env: { GIT_INDEX_FILE } });
  expect(code, said).toBe(1);
  expect(said).toContain('a.js:1');
  // The other way round: what git would not commit does not stop it.
  repo.stage();
  repo.gitWith({ env: { GIT_INDEX_FILE } }, 'rm', '--cached', '-q', 'a.js');
  expect(preCommit(repo.path, { GIT_INDEX_FILE })).toEqual({ code: 0, said: '' });
});

test.each<readonly [name: string, value: (folder: string, program: string) => Readonly<Record<string, string>>]>([
  ['an object directory that is not there', (folder) => ({ GIT_OBJECT_DIRECTORY: join(folder, 'none') })],
  ['alternates', (folder) => ({ GIT_ALTERNATE_OBJECT_DIRECTORIES: `${folder}:/nonexistent:"\\n` })],
  ['a quarantine', (folder) => ({ GIT_QUARANTINE_PATH: folder })],
  [
    'configuration that names programs',
    (_folder, program) => ({
      GIT_CONFIG_COUNT: '4',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: program,
      GIT_CONFIG_KEY_1: 'diff.external',
      GIT_CONFIG_VALUE_1: program,
      GIT_CONFIG_KEY_2: 'core.pager',
      GIT_CONFIG_VALUE_2: program,
      GIT_CONFIG_KEY_3: 'alias.rev-list',
      GIT_CONFIG_VALUE_3: `!${program}`,
    }),
  ],
  ['a count of configuration that is none', () => ({ GIT_CONFIG_COUNT: '-1', GIT_CONFIG_PARAMETERS: "'x" })],
  [
    'programs',
    (_folder, program) => ({
      GIT_EXTERNAL_DIFF: program,
      GIT_SSH_COMMAND: program,
      GIT_ASKPASS: program,
      GIT_PROXY_COMMAND: program,
      GIT_PAGER: program,
    }),
  ],
  ['replacements and grafts', (folder) => ({ GIT_GRAFT_FILE: folder, GIT_REPLACE_REF_BASE: 'refs/heads/' })],
  ['a shallow file', (folder) => ({ GIT_SHALLOW_FILE: join(folder, 'none') })],
  ['a name space', () => ({ GIT_NAMESPACE: 'x', GIT_CEILING_DIRECTORIES: '/' })],
  ['pathspecs', () => ({ GIT_LITERAL_PATHSPECS: '1', GIT_ICASE_PATHSPECS: '1', GIT_NOGLOB_PATHSPECS: '1' })],
])('%s in the environment hides nothing and runs nothing', (_name, value) => {
  const repo = withStaged('environment');
  const folder = tempFolder();
  const program = join(folder, 'program');
  writeFileSync(program, `#!/bin/sh\ntouch "${folder}/ran"\n`, { mode: 0o755 });
  const env = value(folder, program);
  const { code, said } = preCommit(repo.path, env);
  // Where a blob cannot be read the commit is stopped all the same.
  expect([1, 2], said).toContain(code);
  if (code === 1) expect(said).toContain('a.js:1');
  repo.commit();
  const head = repo.git('rev-parse', 'HEAD');
  const push = runHook('pre-push', ['origin', 'url'], {
    cwd: repo.path,
    env: { ...personEnvironment(), ...env },
    input: `refs/heads/main ${head} refs/heads/main ${ZERO}\n`,
  });
  expect([1, 2], push.said).toContain(push.code);
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

test.each<readonly [name: string, input: string, code: number]>([
  ['nothing', '', 0],
  ['blank lines', '\n\n \n', 0],
  ['deletions alone', `(delete) ${ZERO} refs/heads/x ${'a'.repeat(40)}\n`, 0],
  ['words', 'a b c d\n', 2],
  ['too few', `refs/heads/main ${'a'.repeat(40)}\n`, 2],
  ['ids in capitals', `refs/heads/main ${'A'.repeat(40)} refs/heads/main ${ZERO}\n`, 2],
  ['39 digits', `refs/heads/main ${'a'.repeat(39)} refs/heads/main ${ZERO}\n`, 2],
  ['an option in the place of an id', `refs/heads/main --output=x refs/heads/main ${ZERO}\n`, 2],
  ['a local id that is not there', `refs/heads/main ${'a'.repeat(40)} refs/heads/main ${ZERO}\n`, 2],
  ['NULs', `\0\0\0\n`, 2],
])('pre-push is told %s', (_name, input, expected) => {
  const repo = hookedRepo();
  repo.commitFiles({ 'a.js': line('pushed') });
  const { code, said } = prePush(repo.path, input);
  expect(code, said).toBe(expected);
  expect(said).not.toMatch(/\n\s+at .*:\d+:\d+|mistake of unleak/);
  expect(existsSync(join(repo.path, 'x'))).toBe(false);
});

test.each<readonly [name: string, what: (head: string, tag: string) => string]>([
  ['a new branch', (head) => `refs/heads/new ${head} refs/heads/new ${ZERO}\n`],
  ['a remote id that is not here', (head) => `refs/heads/main ${head} refs/heads/main ${'b'.repeat(40)}\n`],
  ['a tag', (_head, tag) => `refs/tags/v1 ${tag} refs/tags/v1 ${ZERO}\n`],
  ['a name with blanks and an escape', (head) => `HEAD@{one \u001b[2J day} ${head} refs/heads/x ${ZERO}\n`],
  ['a name like an option', (head) => `--all ${head} refs/heads/--x ${ZERO}\n`],
  ['the same ref many times', (head) => `refs/heads/main ${head} refs/heads/main ${ZERO}\n`.repeat(2000)],
  [
    'a deletion before it',
    (head) => `(delete) ${ZERO} refs/heads/x ${ZERO}\nrefs/heads/main ${head} refs/heads/main ${ZERO}\n`,
  ],
])('pre-push of %s finds what is sent', (_name, what) => {
  const repo = hookedRepo();
  const head = repo.commitFiles({ 'a.js': line('sent') });
  repo.git('tag', '-a', '-m', 'x', 'v1');
  for (const remote of ['origin', '--upload-pack=touch x', '../x\n', '']) {
    const { code, said } = prePush(repo.path, what(head, repo.git('rev-parse', 'v1')), [remote, 'ext::sh -c touch% x']);
    // git has no names of remotes that begin with a dash: what such a one has is unknown, or the hook is told nothing usable.
    expect([1, 2], said).toContain(code);
    if (!remote.startsWith('-')) expect(said).toContain('a.js:1');
    expect(said).not.toContain('\u001b');
    expect(said).not.toMatch(/\n\s+at .*:\d+:\d+|mistake of unleak/);
  }
  expect(existsSync(join(repo.path, 'x'))).toBe(false);
});

test('names that are made to hurt, links and submodules: each credential is told on a line of its own, and nothing is followed', () => {
  const repo = hookedRepo();
  const names = [
    'new\nline.js',
    '\u001b]0;title\u0007.js',
    '::add-mask::x.js',
    '-rf.js',
    '--force',
    '..x/..y.js',
    `${'d'.repeat(250)}/${'e'.repeat(250)}/${'f'.repeat(250)}.js`,
    ' .js',
  ];
  for (const [i, name] of names.entries()) {
    mkdirSync(join(repo.path, name, '..'), { recursive: true });
    writeFileSync(join(repo.path, name), line(`name ${i}`));
  }
  const invalid = Buffer.concat([Buffer.from(`${repo.path}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.js')]);
  writeFileSync(invalid, line('name invalid'));
  const outside = join(tempFolder(), 'outside.js');
  writeFileSync(outside, line('outside'));
  repo.link('link.js', outside);
  // What a link holds is a name, and a name is text.
  repo.link('text', githubToken('in a link'));
  repo.stage();
  repo.git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},sub`);
  const { code, said } = preCommit(repo.path);
  expect(code, said).toBe(1);
  expect(said.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  for (const name of ['new\\nline.js:1', '\\x1b]0;title\\x07.js:1', '::add-mask::x.js:1', '--force:1', '..x/..y.js:1'])
    expect(said).toContain(name);
  expect(said).not.toContain('outside.js');
});

test('the configuration is that of the work tree, as hooks.md says: one that is only staged switches nothing off', () => {
  const repo = withStaged('configured');
  repo.write('unleak.yaml', 'version: 1\npaths:\n  exclude: ["**"]\n');
  repo.stage();
  repo.remove('unleak.yaml');
  expect(preCommit(repo.path)).toMatchObject({ code: 1 });
  repo.git('checkout', '--', 'unleak.yaml');
  expect(preCommit(repo.path)).toMatchObject({ code: 0 });
});
