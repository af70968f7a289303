/** The templates but GitLab's, which has a test of its own: their lines are run with the variables of their CI. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { cloneFor, runJob, template } from '../support/ci.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

interface Azure {
  readonly jobs: readonly [{ readonly steps: readonly { readonly bash?: string }[] }];
}
interface Bitbucket {
  readonly pipelines: {
    readonly default: readonly [{ readonly step: { readonly script: readonly string[] } }];
    readonly custom: {
      readonly 'unleak-history': readonly { readonly variables?: readonly { name: string; default: string }[] }[];
    };
  };
}
interface Circle {
  readonly jobs: { readonly unleak: { readonly steps: readonly { readonly run?: { readonly command: string } }[] } };
}

/** The shell lines of a Jenkinsfile: what stands between three quotes, where Groovy reads nothing but backslashes. */
function jenkinsLines(): string {
  const [, lines = ''] = /sh '''\n([^\\]*?)'''/.exec(template('jenkins/Jenkinsfile')) ?? [];
  return lines;
}

const azure = parse(template('azure/unleak.azure-pipelines.yml')) as Azure;
const bitbucket = parse(template('bitbucket/bitbucket-pipelines.yml')) as Bitbucket;
const circle = parse(template('circleci/config.yml')) as Circle;

/** The shell lines of each, and what its CI says when it builds what is named. `ID` is the commit of the target branch. */
const systems = [
  {
    name: 'Jenkins',
    lines: jenkinsLines(),
    change: { CHANGE_TARGET: 'main', BRANCH_NAME: 'PR-7' },
    push: { BRANCH_NAME: 'topic', GIT_PREVIOUS_COMMIT: 'ID' },
    newBranch: { BRANCH_NAME: 'topic' },
    main: { BRANCH_NAME: 'main' },
    schedule: { BRANCH_NAME: 'topic', GIT_PREVIOUS_COMMIT: 'ID', UNLEAK_CI_TIMER: '1' },
    files: ['unleak.xml', 'unleak.sarif'],
  },
  {
    name: 'Azure Pipelines',
    lines: azure.jobs[0].steps.find(({ bash }) => bash !== undefined)?.bash ?? '',
    change: {
      BUILD_REASON: 'PullRequest',
      SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
      BUILD_SOURCEBRANCH: 'refs/pull/7/merge',
    },
    push: { BUILD_REASON: 'IndividualCI', BUILD_SOURCEBRANCH: 'refs/heads/topic' },
    newBranch: { BUILD_REASON: 'IndividualCI', BUILD_SOURCEBRANCH: 'refs/heads/topic' },
    main: { BUILD_REASON: 'IndividualCI', BUILD_SOURCEBRANCH: 'refs/heads/main' },
    schedule: { BUILD_REASON: 'Schedule', BUILD_SOURCEBRANCH: 'refs/heads/topic' },
    files: ['unleak.xml', 'unleak.sarif'],
  },
  {
    name: 'Bitbucket Pipelines',
    lines: bitbucket.pipelines.default[0].step.script.join('\n'),
    change: { BITBUCKET_PR_DESTINATION_BRANCH: 'main', BITBUCKET_BRANCH: 'topic' },
    push: { BITBUCKET_BRANCH: 'topic' },
    newBranch: { BITBUCKET_BRANCH: 'topic' },
    main: { BITBUCKET_BRANCH: 'main' },
    schedule: Object.fromEntries(
      bitbucket.pipelines.custom['unleak-history']
        .flatMap(({ variables = [] }) => variables)
        .map((variable) => [variable.name, variable.default]),
    ),
    files: ['test-results/unleak.xml', 'unleak.sarif'],
  },
  {
    name: 'CircleCI',
    lines: circle.jobs.unleak.steps.find(({ run }) => run !== undefined)?.run?.command ?? '',
    change: { CIRCLE_BRANCH: 'topic', UNLEAK_CI_SCAN: 'changes', UNLEAK_CI_BEFORE: '' },
    push: { CIRCLE_BRANCH: 'topic', UNLEAK_CI_SCAN: 'changes', UNLEAK_CI_BEFORE: 'ID' },
    newBranch: { CIRCLE_BRANCH: 'topic', UNLEAK_CI_SCAN: 'changes', UNLEAK_CI_BEFORE: '' },
    main: { CIRCLE_BRANCH: 'main', UNLEAK_CI_SCAN: 'changes', UNLEAK_CI_BEFORE: '' },
    schedule: { CIRCLE_BRANCH: 'topic', UNLEAK_CI_SCAN: 'history' },
    files: ['test-results/unleak/unleak.xml', 'unleak.sarif'],
  },
] as const;

function project(): { readonly clone: TestRepo; readonly base: string } {
  const origin = makeRepo(tempFolder());
  const base = origin.commitFiles({ 'old.env': `TOKEN=${githubToken('old')}\n` });
  origin.git('checkout', '-q', '-b', 'topic');
  const commit = origin.commitFiles({ 'new.env': `TOKEN=${githubToken('new')}\n` });
  return { clone: cloneFor(origin, { commit, branch: 'topic' }), base };
}

const onlyTheChange = ['change', 'push', 'newBranch'] as const;
const everything = ['main', 'schedule'] as const;

test.each(systems.flatMap((system) => onlyTheChange.map((event) => ({ ...system, event }))))(
  '$name, $event: what the change brings in',
  ({ event, ...system }) => {
    const { clone, base } = project();
    const { code, log } = runJob(system.lines, { cwd: clone.path, shell: 'bash', env: withId(system[event], base) });
    expect(log).toContain('new.env');
    expect(log).not.toContain('old.env');
    expect(code).toBe(1);
    for (const file of system.files) expect(existsSync(join(clone.path, file)), file).toBe(true);
  },
);

test.each(systems.flatMap((system) => everything.map((event) => ({ ...system, event }))))(
  '$name, $event: the whole history',
  ({ event, ...system }) => {
    const { clone, base } = project();
    const { code, log } = runJob(system.lines, { cwd: clone.path, shell: 'bash', env: withId(system[event], base) });
    expect(log).toContain('new.env');
    expect(log).toContain('old.env');
    expect(code).toBe(1);
  },
);

function withId(variables: Readonly<Record<string, string>>, id: string): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value === 'ID' ? id : value]));
}

test('Azure Pipelines: a file name in the log is no command to the agent', () => {
  const origin = makeRepo(tempFolder());
  origin.commitFiles({ 'a.txt': 'a' });
  origin.git('checkout', '-q', '-b', 'topic');
  const name = '##vso[task.prependpath]x/##VSO[task.setvariable variable=PATH]y.env';
  const commit = origin.commitFiles({ [name]: `TOKEN=${githubToken('azure')}\n` });
  const clone = cloneFor(origin, { commit, branch: 'topic' });
  const { lines, change } = systems[1];
  const { code, log } = runJob(lines, { cwd: clone.path, shell: 'bash', env: change });
  expect(code).toBe(1);
  expect(log).toContain('task.setvariable variable=PATH]y.env');
  expect(log.toLowerCase()).not.toContain('##vso[');
});

test.each(systems)('$name: what a job writes is what the template keeps', ({ name, files }) => {
  const text = {
    Jenkins: template('jenkins/Jenkinsfile'),
    'Azure Pipelines': template('azure/unleak.azure-pipelines.yml'),
    'Bitbucket Pipelines': template('bitbucket/bitbucket-pipelines.yml'),
    CircleCI: template('circleci/config.yml'),
  }[name];
  const kept = text.slice(text.indexOf('# unleak-ci end'));
  // Bitbucket and CircleCI look for test results in a folder of a name that they know.
  for (const file of files.filter((each) => !each.startsWith('test-results/'))) expect(kept).toContain(file);
});
