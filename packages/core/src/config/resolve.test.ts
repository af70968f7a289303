/** What each setting is, by who says it: flags, variables, files, defaults. */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_SALT } from '../bytes/ids.ts';
import { DEFAULT_DECODE_DEPTH } from '../engine/regions.ts';
import { DEFAULT_MAX_TEXT_BYTES } from '../sources/limits.ts';
import { INLINE_MARKERS } from '../suppress/inline.ts';
import { DEFAULTS, parseSize } from './defaults.ts';
import type { ResolvedConfig, ResolveInput } from './resolve.ts';
import { SETTINGS } from './settings.ts';
import { originText, showValues } from './show.ts';
import { config, errorOf, origin, run, yaml, type World } from './test-config.ts';

test('where nobody says anything the defaults hold, and say so', () => {
  const resolved = run({});
  expect(resolved.config).toEqual({
    project: { salt: DEFAULT_SALT, privateSalt: false, name: '' },
    rules: { files: [], enable: [], disable: [], overrides: {} },
    paths: { exclude: [] },
    allow: [],
    severity: 'low',
    confidence: 'medium',
    failOn: 'medium',
    limits: { maxFileSize: 536_870_912, maxDecodeDepth: 3 },
    ignore: { gitignore: true, markers: INLINE_MARKERS },
    suppressions: [],
    hook: { budget: 2000, pushBudget: 30_000, onTimeout: 'pass' },
    exitCode: 1,
    strict: false,
  });
  expect(new Set(resolved.values.map((value) => originText(value.origin)))).toEqual(new Set(['default']));
  expect(resolved.warnings).toEqual([]);
});

test('the default limits are those of the sources and the engine', () => {
  expect(DEFAULTS.maxFileSize).toBe(DEFAULT_MAX_TEXT_BYTES);
  expect(DEFAULTS.maxDecodeDepth).toBe(DEFAULT_DECODE_DEPTH);
});

test('flag before environment before --config before target before user before default', () => {
  const world: World = {
    own: { 'ci.yaml': yaml('failOn: none') },
    target: { 'unleak.yaml': yaml('failOn: low') },
    user: yaml('failOn: high'),
    env: { UNLEAK_FAIL_ON: 'present' },
  };
  const withoutEnv = { ...world, env: {} };
  const steps: [ResolvedConfig, string, string][] = [
    [run(world, { flags: { 'fail-on': 'medium' }, config: 'ci.yaml' }), 'medium', '--fail-on'],
    [run(world, { config: 'ci.yaml' }), 'present', 'UNLEAK_FAIL_ON'],
    [run(withoutEnv, { config: 'ci.yaml' }), 'none', 'ci.yaml:2'],
    [run(withoutEnv), 'low', 'unleak.yaml:2 (target)'],
    [run({ user: yaml('failOn: high') }), 'high', '~/.config/unleak/config.yaml:2'],
    [run({}), 'medium', 'default'],
  ];
  for (const [resolved, value, from] of steps)
    expect([resolved.config.failOn, origin(resolved, 'failOn')]).toEqual([value, from]);
});

test('UNLEAK_CONFIG names the file, and --config goes before it', () => {
  const own = { 'a.yaml': yaml('failOn: none'), 'b.yaml': yaml('failOn: high') };
  expect(config({ own, env: { UNLEAK_CONFIG: 'a.yaml' } }).failOn).toBe('none');
  expect(config({ own, env: { UNLEAK_CONFIG: 'a.yaml' } }, { config: 'b.yaml' }).failOn).toBe('high');
  expect(errorOf({ own, env: { UNLEAK_CONFIG: 'c.yaml' } }).message).toBe('UNLEAK_CONFIG: there is no file c.yaml');
  expect(errorOf({ own }, { config: '../c.yaml' }).message).toBe(`--config: there is no file ${resolve('/c.yaml')}`);
});

test("the user's file lies where XDG says", () => {
  const env = { XDG_CONFIG_HOME: resolve('/xdg') };
  expect(config({ env, own: { [resolve('/xdg/unleak/config.yaml')]: yaml('failOn: none') } }).failOn).toBe('none');
  const relative = { XDG_CONFIG_HOME: 'xdg' };
  expect(config({ env: relative, user: yaml('failOn: none') }).failOn, 'relative values do not count').toBe('none');
});

test('every setting can be given by its flag and by its variable, and both say the same', () => {
  const given: Record<string, [flag: string | number | boolean | readonly string[], variable: string]> = {
    failOn: ['none', 'none'],
    severity: ['high', 'high'],
    confidence: ['low', 'low'],
    'rules.files': [['own.yaml'], 'own.yaml'],
    'rules.only': [['a', 'b'], 'a, b'],
    'rules.enable': [['a', 'b'], 'a,b'],
    'rules.disable': [['a'], 'a'],
    'paths.include': [['src/**'], 'src/**'],
    'paths.exclude': [['x', 'y'], 'x,y'],
    'limits.maxFileSize': ['1MiB', '1MiB'],
    'limits.maxDecodeDepth': [0, '0'],
    'ignore.gitignore': [false, 'no'],
    'ignore.inline': [false, '0'],
    'ignore.markers': [['unleak'], 'unleak'],
    'ignore.file': ['own.ignore', 'own.ignore'],
    baseline: ['base', 'base'],
    'project.name': ['shop', 'shop'],
    'hook.budget': ['500ms', '500ms'],
    'hook.pushBudget': ['1.5 m', '1.5 m'],
    'hook.onTimeout': ['stop', 'stop'],
    workers: [3, '3'],
    output: ['r.json', 'r.json'],
    exitCode: [7, '7'],
    strict: [true, 'true'],
  };
  const own = { 'own.yaml': '', 'own.ignore': '', base: '' };
  const plain = JSON.stringify(config({ own }));
  for (const { key, flag, env } of SETTINGS) {
    const values = given[key];
    if (values === undefined) throw new Error(`no example for ${key}`);
    const byFlag = config({ own }, { flags: { [flag]: values[0] } });
    expect(JSON.stringify(byFlag), key).not.toBe(plain);
    expect(JSON.stringify(config({ own, env: { [env]: values[1] } })), key).toBe(JSON.stringify(byFlag));
  }
});

test('a time is a number and its unit; what is none is refused', () => {
  const budget = (text: string): number => config({}, { flags: { budget: text } }).hook.budget;
  expect([budget('2s'), budget('250ms'), budget('0.5 s'), budget('1m'), budget('0s')]).toEqual([
    2000, 250, 500, 60_000, 0,
  ]);
  for (const wrong of ['2', 's', '-1s', '1h', '2s later', ''])
    expect(errorOf({}, { flags: { budget: wrong } }).message, wrong).toContain('--budget');
  expect(errorOf({}, { flags: { 'on-timeout': 'maybe' } }).message).toContain('pass stop');
});

test('a flag that was not given and an empty variable say nothing', () => {
  expect(
    config(
      { env: { UNLEAK_FAIL_ON: '', UNLEAK_CONFIG: '', UNLEAK_FINGERPRINT_KEY: '' } },
      { flags: { 'fail-on': undefined } },
    ),
  ).toEqual(config({}));
});

test.each<[World, Partial<ResolveInput>, string]>([
  [{}, { flags: { 'fail-on': 'x' } }, '--fail-on: must be one of: low medium high present none'],
  [{ env: { UNLEAK_WORKERS: 'many' } }, {}, 'UNLEAK_WORKERS: must be a whole number from 1 to 256'],
  [{ env: { UNLEAK_STRICT: 'perhaps' } }, {}, 'UNLEAK_STRICT: must be true or false'],
  [{}, { flags: { exclude: ['a', '[b'] } }, '--exclude: [b: [ is never closed'],
  [{}, { flags: { baseline: 'gone' } }, '--baseline: there is no file gone'],
  [{ env: { UNLEAK_RULES: 'gone.yaml' } }, {}, 'UNLEAK_RULES: there is no file gone.yaml'],
  [
    { own: { 'c.yaml': yaml('rules:', '  files: [gone.yaml]') } },
    { config: 'c.yaml' },
    'c.yaml:3: rules.files[0]: there is no file gone.yaml',
  ],
  [{ target: { 'unleak.yaml': yaml('baseline: gone') } }, {}, 'unleak.yaml:2: baseline: there is no file gone'],
])('what is wrong is told with the flag, the variable or the line: %#', (world, input, message) => {
  expect(errorOf(world, input).message).toBe(message);
});

test('a flag that is no setting is a bug of the caller', () => {
  expect(() => run({}, { flags: { nonsense: 1 } })).toThrow('--nonsense is no setting');
});

test('sizes are read as people write them', () => {
  const sizes: [string | number, number][] = [
    [5, 5],
    ['5', 5],
    ['5B', 5],
    ['2k', 2000],
    ['2KB', 2000],
    ['2Ki', 2048],
    ['1.5 MiB', 1_572_864],
    ['1G', 1e9],
  ];
  for (const [text, bytes] of sizes) expect(parseSize(text)).toBe(bytes);
});

test('a variable that is none of ours, but looks like one, is told', () => {
  expect(run({ env: { UNLEAK_FAILON: 'none', UNLEAK_XYZZY: '1', PATH: '/bin' } }).warnings).toEqual([
    'UNLEAK_FAILON is no variable of unleak: did you mean UNLEAK_FAIL_ON?',
    'UNLEAK_XYZZY is no variable of unleak',
  ]);
});

test('values are shown one per line, and what they hold cannot move the cursor', () => {
  const lines = showValues(
    run({ target: { 'unleak.yaml': yaml('project:', '  name: "a\\e[2Jb"', 'paths: { exclude: [x] }') } }).values,
  );
  expect(lines).toContain('project.name = a\\x1b[2Jb  # unleak.yaml:3 (target)');
  expect(lines).toContain('paths.exclude[0] = x  # unleak.yaml:4 (target)');
  expect(lines).toContain('limits.maxFileSize = 536870912  # default');
});
