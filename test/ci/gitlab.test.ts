/** The lines of the GitLab template, run as a runner runs them: variables, clone and shell are GitLab's. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { traces } from '../support/canary.ts';
import { cloneFor, runJob, template, type JobResult } from '../support/ci.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

interface Job {
  readonly script: readonly string[];
  readonly artifacts: { readonly when: string; readonly reports: Readonly<Record<string, string>> };
  readonly variables: Readonly<Record<string, string>>;
}

const { unleak: job } = parse(template('gitlab/unleak.gitlab-ci.yml')) as { readonly unleak: Job };
const { secret_detection: secretsFile = '', codequality: qualityFile = '' } = job.artifacts.reports;

const ZEROS = '0'.repeat(40);
const line = (seed: string): string => `TOKEN=${githubToken(seed)}\n`;

interface Project {
  readonly origin: TestRepo;
  /** Has a secret of its own, long before the rest. */
  readonly base: string;
  /** Of the merge request: it brings in `brief`, takes it out again, and brings in `stays`. */
  readonly head: string;
  /** The target branch afterwards, with a secret that is not the merge request's. */
  readonly main: string;
}

function project(): Project {
  const origin = makeRepo(tempFolder());
  origin.commitFiles({ 'old.env': line('old') });
  origin.commitFiles({ 'a.txt': 'a' });
  const base = origin.commitFiles({ 'b.txt': 'b' });
  origin.git('checkout', '-q', '-b', 'topic');
  origin.commitFiles({ 'brief.env': line('brief') });
  const head = origin.commitFiles({ 'brief.env': 'TOKEN=\n', 'stays.env': line('stays') });
  origin.git('checkout', '-q', 'main');
  const main = origin.commitFiles({ 'theirs.env': line('theirs') });
  return { origin, base, head, main };
}

interface Ran extends JobResult {
  /** Files of the vulnerabilities that GitLab is told. */
  readonly files: readonly string[] | undefined;
  readonly status: string | undefined;
}

function run(clone: TestRepo, env: Readonly<Record<string, string>>, shell: 'sh' | 'bash' = 'sh'): Ran {
  const result = runJob(job.script.join('\n'), {
    cwd: clone.path,
    shell,
    env: { CI_DEFAULT_BRANCH: 'main', ...env },
  });
  const written = [secretsFile, qualityFile].map((name) => join(clone.path, name));
  const reports = written.filter(existsSync).map((file) => readFileSync(file, 'utf8'));
  const secrets = ['old', 'brief', 'stays', 'theirs'].map((seed) => githubToken(seed).slice('ghp_'.length));
  expect(traces(Buffer.from([result.log, ...reports].join('\n')), secrets)).toEqual([]);
  if (reports.length === 0) return { ...result, files: undefined, status: undefined };
  const { scan, vulnerabilities } = JSON.parse(reports[0] ?? '') as {
    scan: { type: string; status: string };
    vulnerabilities: readonly { location: { file: string; commit: { sha: string } } }[];
  };
  const issues = JSON.parse(reports[1] ?? '') as readonly { location: { path: string } }[];
  const files = vulnerabilities.map(({ location }) => location.file);
  expect(issues.map(({ location }) => location.path)).toEqual(files);
  expect(scan.type).toBe('secret_detection');
  return { ...result, files: files.toSorted(), status: scan.status };
}

function mergeRequest({ base }: Project): Record<string, string> {
  return {
    CI_PIPELINE_SOURCE: 'merge_request_event',
    CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    CI_COMMIT_BEFORE_SHA: ZEROS,
  };
}

function push(before: string, branch: string): Record<string, string> {
  return { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BEFORE_SHA: before, CI_COMMIT_BRANCH: branch };
}

const changes = ['brief.env', 'stays.env'];

test.each(['sh', 'bash'] as const)('a merge request, in %s: what its commits brought in, and nothing else', (shell) => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.head, branch: 'topic' });
  expect(run(clone, mergeRequest(all), shell)).toMatchObject({ code: 1, files: changes, status: 'success' });
});

test('a merge request without findings is clean, and its reports are there and empty', () => {
  const { origin, base } = project();
  origin.git('checkout', '-q', '-b', 'clean', base);
  const commit = origin.commitFiles({ 'c.txt': 'c' });
  const clone = cloneFor(origin, { commit, branch: 'clean' });
  const env = { ...mergeRequest({ origin, base, head: commit, main: '' }) };
  expect(run(clone, env)).toMatchObject({ code: 0, files: [], status: 'success' });
});

test('a merged results pipeline does not blame the merge request for what the target branch has', () => {
  const all = project();
  all.origin.git('checkout', '-q', '--detach', 'main');
  all.origin.git('merge', '-q', '--no-ff', '-m', 'merged result', 'topic');
  const commit = all.origin.git('rev-parse', 'HEAD');
  const clone = cloneFor(all.origin, { commit, branch: 'topic' });
  const env = { ...mergeRequest(all), CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: all.head };
  expect(run(clone, env)).toMatchObject({ code: 1, files: changes });
});

test('where GitLab does not tell the base, the target branch is it', () => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.head, branch: 'topic' });
  expect(run(clone, { ...mergeRequest(all), CI_MERGE_REQUEST_DIFF_BASE_SHA: '' })).toMatchObject({
    code: 1,
    files: changes,
  });
});

test('a clone that is too shallow for the merge request is completed', () => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.head, branch: 'topic', depth: 1 });
  const { log, ...result } = run(clone, mergeRequest(all));
  expect(result).toMatchObject({ code: 1, files: changes, status: 'success' });
  expect(log).toContain('the clone is shallow');
});

test('a shallow clone that has all of the change is left as it is', () => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.head, branch: 'topic', depth: 4 });
  expect(run(clone, mergeRequest(all))).toMatchObject({ code: 1, files: changes });
  expect(clone.git('rev-parse', '--is-shallow-repository')).toBe('true');
});

test('where it cannot be completed either, the job fails and says what is missing', () => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.head, branch: 'topic', depth: 1 });
  clone.git('remote', 'set-url', 'origin', join(clone.path, 'gone'));
  const { log, ...result } = run(clone, mergeRequest(all));
  expect(result).toMatchObject({ code: 2, files: [], status: 'failure' });
  expect(log).toContain('let the CI clone all of it');
  expect(log).toContain(all.base);
});

test('a push: what came since the commit before', () => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.main, branch: 'main' });
  expect(run(clone, push(all.base, 'main'))).toMatchObject({ code: 1, files: ['theirs.env'] });
  expect(run(clone, push(all.main, 'main'))).toMatchObject({ code: 0, files: [] });
});

test.each([undefined, 1])('a new branch, cloned with depth %s: what the default branch does not have', (depth) => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.head, branch: 'topic', ...(depth === undefined ? {} : { depth }) });
  expect(run(clone, push(ZEROS, 'topic'))).toMatchObject({ code: 1, files: changes });
});

test('a tag: what the default branch does not have', () => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.head, branch: 'topic' });
  const env = { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BEFORE_SHA: ZEROS, CI_COMMIT_TAG: 'v1' };
  expect(run(clone, env)).toMatchObject({ code: 1, files: changes });
});

test('the first push of the default branch: all of its history, and the log says so', () => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.main, branch: 'main' });
  const { log, ...result } = run(clone, push(ZEROS, 'main'));
  expect(result.code).toBe(1);
  expect(result.files).toEqual(expect.arrayContaining(['old.env', 'theirs.env']));
  expect(log).toContain('the whole history is scanned');
});

test('a force push: the commit before is no longer on the branch, but can be fetched', () => {
  const all = project();
  all.origin.git('checkout', '-q', 'topic');
  all.origin.git('reset', '-q', '--hard', `${all.head}^`);
  const commit = all.origin.commitFiles({ 'again.env': line('stays') });
  const clone = cloneFor(all.origin, { commit, branch: 'topic' });
  expect(() => clone.git('cat-file', '-e', all.head)).toThrow();
  expect(run(clone, push(all.head, 'topic'))).toMatchObject({ code: 1, files: ['again.env'] });
});

test('a force push whose commit before is gone: said, and compared with the default branch', () => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.head, branch: 'topic' });
  const { log, ...result } = run(clone, push('1'.repeat(40), 'topic'));
  expect(result).toMatchObject({ code: 1, files: changes });
  expect(log).toContain(`the branch was at ${'1'.repeat(40)} before, which is gone`);
});

test.each(['schedule', 'web'])('a pipeline by %s: the whole history', (source) => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.main, branch: 'main', depth: 1 });
  const env = { CI_PIPELINE_SOURCE: source, CI_COMMIT_BEFORE_SHA: ZEROS, CI_COMMIT_BRANCH: 'main' };
  const { code, files } = run(clone, env);
  expect(code).toBe(1);
  expect(files).toEqual(expect.arrayContaining(['old.env', 'theirs.env']));
});

test('a pipeline that tells nothing but its source is compared with the default branch', () => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.head, branch: 'topic' });
  expect(run(clone, { CI_PIPELINE_SOURCE: 'merge_request_event' })).toMatchObject({ code: 1, files: changes });
});

test('the settings of unleak are variables: here, what fails the job', () => {
  const all = project();
  const clone = cloneFor(all.origin, { commit: all.head, branch: 'topic' });
  const env = { ...mergeRequest(all), UNLEAK_FAIL_ON: 'none' };
  expect(run(clone, env)).toMatchObject({ code: 0, files: changes });
});

test('the artifacts are uploaded when the job fails, too', () => {
  expect(job.artifacts.when).toBe('always');
  expect(job.variables['GIT_DEPTH']).toBe('0');
});
