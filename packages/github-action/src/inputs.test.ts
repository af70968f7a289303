import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { INPUTS } from './input-table.ts';
import { InputError, readInputs } from './inputs.ts';

const workspace = resolve('/checkout/shop');

/** As the runner hands on the defaults of action.yml. */
const defaults = Object.fromEntries(INPUTS.map((input) => [`INPUT_${input.name.toUpperCase()}`, input.default]));

test('without any input, what people see is on, and nothing is written or uploaded that was not asked for', () => {
  expect(readInputs({ ...defaults, INPUT_TOKEN: 'the token' }, workspace)).toEqual({
    token: 'the token',
    scan: undefined,
    base: undefined,
    path: workspace,
    config: undefined,
    rules: undefined,
    baseline: undefined,
    failOn: undefined,
    suppressions: 'all',
    annotations: true,
    summary: true,
    comment: true,
    notify: [],
    sarif: undefined,
    uploadSarif: false,
    artifact: undefined,
    workers: undefined,
    gitleaks: false,
    notices: [],
  });
});

test('files lie below the folder of the checkout; a .toml is a rule file, anything else a configuration', () => {
  const env = { INPUT_PATH: 'src', INPUT_BASELINE: 'ci/known.txt', INPUT_SARIF: resolve('/tmp/x.sarif') };
  expect(readInputs({ ...env, INPUT_CONFIG: 'ci/unleak.yaml' }, workspace)).toMatchObject({
    path: join(workspace, 'src'),
    config: join(workspace, 'src/ci/unleak.yaml'),
    rules: undefined,
    baseline: join(workspace, 'src/ci/known.txt'),
    sarif: resolve('/tmp/x.sarif'),
  });
  expect(readInputs({ INPUT_CONFIG: '.gitleaks.TOML' }, workspace)).toMatchObject({
    config: undefined,
    rules: join(workspace, '.gitleaks.TOML'),
  });
});

test("gitleaks-action's variables speak where inputs are as they are by default", () => {
  const theirs = {
    ...defaults,
    INPUT_TOKEN: '',
    GITHUB_TOKEN: 'their token',
    GITLEAKS_CONFIG: 'gitleaks.toml',
    GITLEAKS_ENABLE_COMMENTS: 'false',
    GITLEAKS_ENABLE_SUMMARY: '0',
    GITLEAKS_NOTIFY_USER_LIST: '@octocat, @hubot',
    GITLEAKS_LICENSE: 'a license',
    GITLEAKS_VERSION: 'latest',
    BASE_REF: 'abc',
  };
  expect(readInputs(theirs, workspace)).toMatchObject({
    token: 'their token',
    rules: join(workspace, 'gitleaks.toml'),
    comment: false,
    summary: false,
    notify: ['@octocat', '@hubot'],
    artifact: 'gitleaks-results.sarif',
    // It scans the commit that BASE_REF names, too.
    base: 'abc^',
    gitleaks: true,
    notices: [
      {
        level: 'notice',
        text: 'GITLEAKS_LICENSE and GITLEAKS_VERSION have no effect: this action needs no license and scans with unleak',
      },
    ],
  });
  expect(readInputs({ ...theirs, GITLEAKS_ENABLE_UPLOAD_ARTIFACT: 'false' }, workspace).artifact).toBeUndefined();
  expect(readInputs({ ...theirs, INPUT_ARTIFACT: 'ours', INPUT_BASE: 'main' }, workspace)).toMatchObject({
    artifact: 'ours',
    base: 'main',
  });
});

test('BASE_REF alone is nobody in particular', () => {
  expect(readInputs({ BASE_REF: 'abc' }, workspace)).toMatchObject({ base: undefined, gitleaks: false });
});

test('the license of gitleaks-action is never repeated', () => {
  expect(JSON.stringify(readInputs({ GITLEAKS_LICENSE: 'a-license-key' }, workspace))).not.toContain('a-license-key');
});

test.each([
  ['fail-on', 'Medium', 'it must be low, medium, high, present or none'],
  ['workers', '65', 'it must be a whole number from 1 to 64'],
  ['workers', '1e1', 'it must be a whole number from 1 to 64'],
  ['upload-sarif', 'yes', 'it must be true or false'],
])('%s cannot be %j', (name, value, message) => {
  const read = (): unknown => readInputs({ [`INPUT_${name.toUpperCase()}`]: value }, workspace);
  expect(read).toThrow(new InputError(name, value, message));
});

test('a value is quoted on one line, without what drives a terminal', () => {
  const read = (): unknown => readInputs({ INPUT_SARIF: 'a\n\u001b[2Jb' }, workspace);
  expect(read).toThrow(/^input "sarif" is "a[ -~]*b": it must be the name of one file$/);
});

test('a long value is cut', () => {
  expect(() => readInputs({ INPUT_SCAN: 'x'.repeat(10_000) }, workspace)).toThrow(/^input "scan" is "x{60}…":/);
});
