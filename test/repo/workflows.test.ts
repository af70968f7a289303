/** What a workflow of GitHub may and may not do here. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly 'timeout-minutes'?: number;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(import.meta.dirname, '../../.github/workflows');
const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  return { name, text, workflow: parse(text) as Workflow };
});
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${name}, ${id}`, workflow: name, id, job })),
);
const steps = jobs.flatMap(({ name, job }) => job.steps.map((step) => ({ name, step })));

test('there are the workflows that documents name', () => {
  expect(workflows.map(({ name }) => name).toSorted()).toEqual(['ci.yml', 'release.yml', 'unleak.yml']);
});

test('every action of others is pinned by commit, with the version beside it', () => {
  const lines = workflows.flatMap(({ text }) => text.split('\n').filter((line) => /^\s*(?:- )?uses:/.test(line)));
  const others = lines.filter((line) => !/uses: \.\//.test(line));
  expect(others.length).toBeGreaterThan(0);
  for (const line of others) expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  // One action, one commit: a version that is raised is raised everywhere.
  const pins = new Set(others.map((line) => line.trim().replace(/^- /, '')));
  const actions = new Set([...pins].map((pin) => pin.slice(0, pin.indexOf('@'))));
  expect(pins.size).toBe(actions.size);
});

test.each(workflows)(
  '$name: nothing is permitted but what a job asks for, and no event hands secrets to strangers',
  ({ workflow }) => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency).toBeDefined();
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(Object.keys(workflow.on)).not.toContain('workflow_run');
  },
);

test.each(jobs)('$name: says what it may do and for how long', ({ job }) => {
  expect(job.permissions).toBeDefined();
  expect(job['timeout-minutes']).toBeGreaterThan(0);
});

test.each(jobs)('$name: may write only where that is its purpose', ({ workflow, id, job }) => {
  const granted = Object.entries(job.permissions ?? {}).filter(([, level]) => level !== 'read');
  const expected: Readonly<Record<string, readonly string[]>> = {
    'release.yml npm': ['id-token'],
    'release.yml attest': ['attestations', 'id-token'],
    'release.yml github': ['contents'],
    'unleak.yml unleak': ['pull-requests', 'security-events'],
  };
  expect(granted.map(([name]) => name).toSorted()).toEqual(expected[`${workflow} ${id}`] ?? []);
});

test('what may publish checks out no code and installs nothing', () => {
  for (const { name, job } of jobs.filter((each) => each.workflow === 'release.yml' && each.id !== 'build')) {
    for (const { uses = '', run = '' } of job.steps) {
      expect(uses, name).not.toContain('actions/checkout');
      expect(run, name).not.toMatch(/npm (?:ci|i|install|run|test|exec)\b|npx|\.ci\/run/);
    }
  }
});

test('no text of an event is put into a script', () => {
  for (const { name, step } of steps) expect(step.run ?? '', name).not.toContain('${{');
});

test('a checkout leaves no token behind', () => {
  const checkouts = steps.filter(({ step }) => step.uses?.startsWith('actions/checkout@'));
  expect(checkouts.length).toBeGreaterThan(0);
  for (const { name, step } of checkouts) expect(step.with?.['persist-credentials'], name).toBe(false);
});

test('no secret is used but the token of the run', () => {
  for (const { name, text } of workflows) expect(text, name).not.toMatch(/secrets\./);
});

test('a release is published in the order of what is needed, after all tests', () => {
  const release = jobs.filter(({ workflow }) => workflow === 'release.yml');
  const needs = Object.fromEntries(release.map(({ id, job }) => [id, job.needs]));
  expect(needs).toEqual({ build: undefined, npm: 'build', attest: 'npm', github: 'attest' });
  expect(release.find(({ id }) => id === 'build')?.job.steps.map(({ run }) => run)).toContain('.ci/run');
});

test('the tests run on the lowest and the newest version of each line of Node that is supported', () => {
  const { engines } = JSON.parse(readFileSync(join(folder, '../../packages/cli/package.json'), 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  const lowest = engines.node.split(' || ').map((range) => range.replace(/^(?:\^|>=)/, ''));
  const { text } = workflows.find(({ name }) => name === 'ci.yml') ?? { text: '' };
  const versions = new Set(
    [...text.matchAll(/node(?:-version)?: (?:\[(.*)\]|([\w.]+))/g)].flatMap(([, list, one = '']) =>
      (list ?? one).split(', '),
    ),
  );
  expect(lowest.length).toBeGreaterThan(1);
  for (const version of lowest) {
    expect(versions).toContain(version);
    expect(versions).toContain(`${version.slice(0, version.indexOf('.'))}.x`);
  }
});
