/** ci/unleak-ci.sh, as somebody runs it on a CI that has no template, and whoever misuses it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloneFor, runJob, template, VERSION, type JobResult } from '../support/ci.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const script = template('unleak-ci.sh');

function run(cwd: string, env: Readonly<Record<string, string>>, ...args: readonly string[]): JobResult {
  return runJob(script, { cwd, env, args });
}

function projectWith(branch: string): { readonly origin: TestRepo; readonly clone: TestRepo } {
  const origin = makeRepo(tempFolder());
  origin.commitFiles({ 'old.env': `TOKEN=${githubToken('old')}\n` });
  origin.git('checkout', '-q', '-b', branch);
  const commit = origin.commitFiles({ 'new.env': `TOKEN=${githubToken('new')}\n` });
  return { origin, clone: cloneFor(origin, { commit, branch }) };
}

test('what a branch brings in, and the arguments go to unleak', () => {
  const { clone } = projectWith('topic');
  const { code, log } = run(clone.path, { UNLEAK_CI_BRANCH: 'topic' }, '--format', 'csv', '--exit-code', '7');
  expect(code).toBe(7);
  expect(log).toMatch(/^c1_.*,new\.env,/m);
  expect(log).not.toContain('old.env');
});

test('everything that was ever committed', () => {
  const { clone } = projectWith('topic');
  const { code, log } = run(clone.path, { UNLEAK_CI_SCAN: 'history' }, '--format', 'csv');
  expect(code).toBe(1);
  expect(log).toMatch(/,old\.env,[^]*,new\.env,|,new\.env,[^]*,old\.env,/);
});

test('a branch is compared with the target as it is now, not as an earlier job saw it', () => {
  const { origin, clone } = projectWith('topic');
  origin.git('checkout', '-q', 'main');
  origin.commitFiles({ 'theirs.env': `TOKEN=${githubToken('theirs')}\n` });
  origin.git('checkout', '-q', 'topic');
  origin.git('merge', '-q', '--no-ff', '-m', 'from main', 'main');
  clone.git('fetch', '-q', 'origin', 'topic');
  clone.git('checkout', '-q', '--detach', 'FETCH_HEAD');
  const { code, log } = run(clone.path, { UNLEAK_CI_TARGET: 'main' }, '--format', 'csv');
  expect(code).toBe(1);
  expect(log).toContain(',new.env,');
  expect(log).not.toContain('theirs.env');
});

test.each(['$(touch pwned)', ';touch${IFS}pwned', "it's", '"quoted"', '-x', 'deadbeef', 'a`touch${IFS}pwned`b'])(
  'a target branch named %s is a name, and nothing that runs',
  (name) => {
    const { origin, clone } = projectWith('topic');
    const branch = name.replaceAll(' ', '${IFS}');
    origin.git('update-ref', `refs/heads/${branch}`, 'main');
    const { code, log } = run(clone.path, { UNLEAK_CI_TARGET: branch }, '--format', 'csv');
    expect(existsSync(join(clone.path, 'pwned'))).toBe(false);
    expect(log).toContain(',new.env,');
    expect(log).not.toContain('old.env');
    expect(code).toBe(1);
  },
);

test.each(['nowhere', '1'.repeat(40), '--upload-pack=touch pwned'])(
  'a target that is not there, %s: exit code 2, and its name',
  (target) => {
    const { clone } = projectWith('topic');
    const { code, log } = run(clone.path, { UNLEAK_CI_TARGET: target }, '--format', 'csv');
    expect(existsSync(join(clone.path, 'pwned'))).toBe(false);
    expect(code).toBe(2);
    expect(log).toContain(target);
    expect(log).not.toContain('new.env');
  },
);

test('outside of a repository, and with a misspelt setting: exit code 2 and one line', () => {
  const folder = tempFolder();
  expect(run(folder, {})).toEqual({ code: 2, log: `unleak-ci: ${folder} is not a git repository\n` });
  const { clone } = projectWith('topic');
  expect(run(clone.path, { UNLEAK_CI_SCAN: 'all' })).toEqual({
    code: 2,
    log: "unleak-ci: UNLEAK_CI_SCAN is 'all': it must be changes or history\n",
  });
});

test('unleak is started as UNLEAK_CI_RUN says, by default in the version of this checkout', () => {
  const { clone } = projectWith('topic');
  expect(run(clone.path, { UNLEAK_CI_RUN: 'echo started:' })).toEqual({
    code: 0,
    log: 'started: scan . --range=refs/remotes/origin/main..HEAD\n',
  });
  const { code, log } = run(clone.path, { UNLEAK_CI_RUN: 'unleak' }, '--format', 'csv');
  expect(code).toBe(1);
  expect(log).toContain(',new.env,');
  expect(script).toContain(` unleak@${VERSION} `);
});

test('a secret is not in the log', () => {
  const { clone } = projectWith('topic');
  const { log } = run(clone.path, { UNLEAK_CI_BRANCH: 'topic' });
  expect(log).toContain('new.env');
  expect(log).not.toContain(githubToken('new').slice(4, 12));
});
