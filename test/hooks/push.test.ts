/** What `git push` would send: the real git with an installed hook that calls the built CLI, and bare remotes. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookedRepo, personEnvironment, runHook, type GitRun, type HookedRepo } from '../support/hooked-repo.ts';
import { makeRepo, openRepo, type TestRepo } from '../support/repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const line = (seed: string): string => `const token = "${githubToken(seed)}";\n`;
const clean = 'const width = 3;\n';

interface WithRemote {
  readonly repo: HookedRepo;
  readonly remote: TestRepo;
}

/** A repository whose `main` is pushed: it holds a secret that is no news to its remote. */
function pushedOnce(): WithRemote {
  const repo = hookedRepo();
  const remote = makeRepo(tempFolder(), { bare: true });
  repo.git('remote', 'add', 'origin', remote.path);
  repo.commitFiles({ 'old.js': line('long there'), 'a.js': clean });
  repo.git('push', '--quiet', '--no-verify', 'origin', 'main');
  return { repo, remote };
}

function refsOf({ remote }: WithRemote): string {
  return remote.git('for-each-ref');
}

function stopped(world: WithRemote, args: readonly string[]): string {
  const before = refsOf(world);
  const { code, said } = world.repo.run(['push', ...args]);
  expect({ code, refs: refsOf(world) }, said).toEqual({ code: 1, refs: before });
  expect(said).toContain('unleak: this push was stopped');
  return said;
}

function passes(world: WithRemote, args: readonly string[]): string {
  const before = refsOf(world);
  const { code, said } = world.repo.run(['push', ...args]);
  expect(code, said).toBe(0);
  expect(refsOf(world)).not.toBe(before);
  return said;
}

test('a branch that goes on: what its new commits brought in, also when a later one took it out again', () => {
  const world = pushedOnce();
  const { repo } = world;
  repo.commitFiles({ 'a.js': `${clean}${clean}` });
  expect(passes(world, ['origin', 'main'])).not.toContain('unleak:');
  const added = repo.commitFiles({ 'a.js': line('brief') });
  const removed = repo.commitFiles({ 'a.js': clean });
  const said = stopped(world, ['origin', 'main']);
  expect(said).toContain(`a.js:1, in commit ${added.slice(0, 10)}, taken out again in ${removed.slice(0, 10)}`);
  expect(said).not.toContain('old.js');
  expect(said).toContain('git rebase -i');
});

test('a new branch brings in what no branch of the remote has', () => {
  const world = pushedOnce();
  const { repo } = world;
  repo.git('checkout', '-q', '-b', 'topic');
  repo.commitFiles({ 'b.js': clean });
  passes(world, ['origin', 'topic']);
  repo.git('checkout', '-q', '-b', 'other', 'main');
  repo.commitFiles({ 'c.js': line('on a new branch') });
  const said = stopped(world, ['-u', 'origin', 'other']);
  expect(said).toContain('c.js:1');
  expect(said).not.toContain('old.js');
});

test('the first push of all sends the whole history', () => {
  const repo = hookedRepo();
  const remote = makeRepo(tempFolder(), { bare: true });
  repo.git('remote', 'add', 'origin', remote.path);
  repo.commitFiles({ 'a.js': line('in the first commit') });
  repo.commitFiles({ 'a.js': clean });
  expect(stopped({ repo, remote }, ['origin', 'main'])).toContain('a.js:1');
});

test('what one remote has is news to another', () => {
  const world = pushedOnce();
  const second = makeRepo(tempFolder(), { bare: true });
  world.repo.git('remote', 'add', 'public', second.path);
  expect(stopped({ repo: world.repo, remote: second }, ['public', 'main'])).toContain('old.js:1');
});

test('an address in place of a name: the branches of the remote that has it count', () => {
  const world = pushedOnce();
  world.repo.commitFiles({ 'b.js': line('by address') });
  const said = stopped(world, [world.remote.path, 'HEAD:refs/heads/new']);
  expect(said).toContain('b.js:1');
  expect(said).not.toContain('old.js');
});

test('a forced push of rewritten commits', () => {
  const world = pushedOnce();
  const { repo } = world;
  repo.commitFiles({ 'b.js': clean });
  passes(world, ['origin', 'main']);
  repo.git('reset', '-q', '--hard', 'HEAD~1');
  repo.commitFiles({ 'b.js': line('rewritten') });
  const said = stopped(world, ['--force', 'origin', 'main']);
  expect(said).toContain('b.js:1');
  expect(said).not.toContain('old.js');
  repo.git('reset', '-q', '--hard', 'HEAD~1');
  repo.commitFiles({ 'b.js': `${clean}${clean}` });
  passes(world, ['--force', 'origin', 'main']);
});

test('a remote that has commits which are not here: a word on it, and its known branches still count', () => {
  const world = pushedOnce();
  const { repo, remote } = world;
  const path = join(tempFolder(), 'clone');
  remote.git('clone', '-q', remote.path, path);
  const clone = openRepo(path);
  clone.commitFiles({ 'theirs.js': clean });
  clone.git('push', '-q', 'origin', 'main');
  repo.commitFiles({ 'mine.js': line('behind') });
  const said = stopped(world, ['--force', 'origin', 'main']);
  expect(said).toContain('commits that are not here');
  expect(said).toContain('mine.js:1');
  expect(said).not.toContain('old.js');
});

test('tags: a light one, an annotated one with a secret in its message, and one that is there already', () => {
  const world = pushedOnce();
  const { repo } = world;
  repo.git('tag', 'v1');
  passes(world, ['origin', 'v1']);
  repo.git('tag', '-a', 'v2', '-m', `the key is ${githubToken('tag message')}`);
  expect(stopped(world, ['origin', 'v2'])).toContain('the message of tag v2, line 1');
  repo.git('tag', '-a', 'v3', '-m', 'nothing');
  passes(world, ['origin', 'v3']);
  repo.git('checkout', '-q', '--detach');
  repo.commitFiles({ 't.js': line('tagged') });
  repo.git('tag', '-a', 'v4', '-m', 'nothing');
  expect(stopped(world, ['origin', 'v4'])).toContain('t.js:1');
});

test('several refs at once, deletions among them; a deletion alone sends nothing', () => {
  const world = pushedOnce();
  const { repo } = world;
  repo.git('branch', 'gone');
  passes(world, ['origin', 'gone']);
  repo.git('checkout', '-q', '-b', 'one');
  repo.commitFiles({ 'one.js': clean });
  repo.git('checkout', '-q', '-b', 'two', 'main');
  repo.commitFiles({ 'two.js': line('second of several') });
  expect(stopped(world, ['origin', ':gone', 'one', 'two'])).toContain('two.js:1');
  passes(world, ['origin', ':gone', 'one']);
  expect(refsOf(world)).not.toContain('gone');
});

test('a secret in the message of a commit', () => {
  const world = pushedOnce();
  const commit = world.repo.commitFiles({ 'b.js': clean }, { message: `use ${githubToken('in a message')}` });
  const said = stopped(world, ['origin', 'main']);
  expect(said).toContain(`the message of commit ${commit.slice(0, 10)}, line 1`);
});

test('an inline comment counts where it is in the newest version that is pushed', () => {
  const world = pushedOnce();
  const { repo } = world;
  repo.git('checkout', '-q', '-b', 'topic');
  repo.commitFiles({ 'b.js': line('accepted later') });
  repo.commitFiles({ 'b.js': `// unleak:allow reason="a test"\n${line('accepted later')}` });
  repo.git('checkout', '-q', 'main');
  passes(world, ['origin', 'topic']);
});

test('from a bare repository, and from a shallow clone', () => {
  const world = pushedOnce();
  const folder = tempFolder();
  const target = makeRepo(folder, { bare: true });
  const bare = world.remote;
  const env = personEnvironment();
  const input = `refs/heads/main ${bare.git('rev-parse', 'main')} refs/heads/main ${'0'.repeat(40)}\n`;
  const run = runHook('pre-push', ['other', target.path], { cwd: bare.path, env: { ...env, GIT_DIR: '.' }, input });
  expect(run.code, run.said).toBe(1);
  expect(run.said).toContain('old.js:1');

  const shallow = join(folder, 'shallow');
  world.repo.commitFiles({ 'a.js': `${clean}${clean}` });
  passes(world, ['origin', 'main']);
  world.repo.git('clone', '-q', '--depth=1', `file://${bare.path}`, shallow);
  const clone = openRepo(shallow);
  clone.commitFiles({ 'c.js': line('on top of a shallow clone') });
  const head = clone.git('rev-parse', 'HEAD');
  const pushed = runHook('pre-push', ['origin', bare.path], {
    cwd: shallow,
    env,
    input: `refs/heads/main ${head} refs/heads/main ${clone.git('rev-parse', 'HEAD~1')}\n`,
  });
  expect(pushed.code, pushed.said).toBe(1);
  expect(pushed.said).toContain('c.js:1');
  expect(pushed.said).not.toContain('old.js');
});

/** As the pre-commit framework calls it: standard input is empty, and variables tell what is pushed. */
function byFramework(repo: HookedRepo, variables: Readonly<Record<string, string>>): GitRun {
  return runHook('pre-push', [], { cwd: repo.path, env: { ...personEnvironment(), PRE_COMMIT: '1', ...variables } });
}

test('the pre-commit framework tells what is pushed in variables; of a first push nothing but the branch', () => {
  const { repo, remote } = pushedOnce();
  const base = repo.git('rev-parse', 'HEAD');
  const head = repo.commitFiles({ 'b.js': line('framework') });
  const told = {
    PRE_COMMIT_REMOTE_NAME: 'origin',
    PRE_COMMIT_REMOTE_URL: remote.path,
    PRE_COMMIT_LOCAL_BRANCH: 'refs/heads/main',
    PRE_COMMIT_REMOTE_BRANCH: 'refs/heads/main',
  };
  const range = byFramework(repo, { ...told, PRE_COMMIT_FROM_REF: base, PRE_COMMIT_TO_REF: head });
  expect(range.code, range.said).toBe(1);
  expect(range.said).toContain('b.js:1');
  expect(range.said).not.toContain('old.js');
  const first = byFramework(repo, { ...told, PRE_COMMIT_REMOTE_NAME: 'fresh', PRE_COMMIT_REMOTE_URL: '/nowhere' });
  expect(first.code, first.said).toBe(1);
  for (const file of ['old.js:1', 'b.js:1']) expect(first.said).toContain(file);
  expect(byFramework(repo, {}).said).toContain('b.js:1');
});

test('nothing to push, SKIP, and what is no list of refs', () => {
  const { repo } = pushedOnce();
  const env = personEnvironment();
  const at = { cwd: repo.path, env };
  // So git calls it when the remote has everything.
  expect(runHook('pre-push', ['origin', 'url'], at)).toEqual({ code: 0, said: '' });
  expect(repo.run(['push', 'origin', 'main'])).toEqual({ code: 0, said: 'Everything up-to-date\n' });
  repo.commitFiles({ 'b.js': line('skipped') });
  for (const remote of ['origin', 'a remote', '--all']) {
    const { code, said } = runHook('pre-push', [...(remote === '--all' ? ['--'] : []), remote, 'url'], at);
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringMatching(/^unleak: nothing was scanned: .*use_stdin: true\)\n$/) as string,
    });
  }
  const skipped = repo.run(['push', '-q', 'origin', 'main'], { env: { SKIP: 'unleak' } });
  expect(skipped).toEqual({ code: 0, said: 'unleak: SKIP=unleak: this push is not scanned\n' });
  const wrong = runHook('pre-push', ['origin', 'url'], { ...at, input: 'refs/heads/main main\n' });
  expect(wrong.code).toBe(2);
  expect(wrong.said).toMatch(/^unleak: line 1 of standard input .*\n$/);
  const unknown = runHook('pre-push', ['origin', 'url'], {
    ...at,
    input: `refs/heads/main ${'a'.repeat(40)} refs/heads/main ${'0'.repeat(40)}\n`,
  });
  expect(unknown.code).toBe(2);
  expect(unknown.said).toContain('refs/heads/main');
});

test('a commit that cannot be read stops the push', () => {
  const world = pushedOnce();
  const { repo } = world;
  repo.commitFiles({ 'b.js': `${clean}${line('lost')}` });
  const oid = repo.git('rev-parse', 'HEAD:b.js');
  rmSync(join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2)));
  const before = refsOf(world);
  const { code, said } = repo.run(['push', 'origin', 'main']);
  expect({ code, refs: refsOf(world) }, said).toEqual({ code: 1, refs: before });
  expect(said).toContain('git does not have it');
});

test('no time at all: what is pushed goes on by default, and is stopped where that is asked for', () => {
  const world = pushedOnce();
  world.repo.commitFiles({ 'b.js': clean });
  const stop = world.repo.run(['push', 'origin', 'main'], {
    env: { UNLEAK_PUSH_BUDGET: '0s', UNLEAK_ON_TIMEOUT: 'stop' },
  });
  expect(stop.code, stop.said).toBe(1);
  expect(stop.said).toContain('0 seconds are over');
  const pass = world.repo.run(['push', 'origin', 'main'], { env: { UNLEAK_PUSH_BUDGET: '0s' } });
  expect(pass.code, pass.said).toBe(0);
  expect(pass.said).toContain('nobody has looked at the rest');
});
