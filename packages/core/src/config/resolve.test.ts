import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { credentialId, DEFAULT_SALT, saltTag } from '../bytes/ids.ts';
import { DEFAULT_DECODE_DEPTH } from '../engine/regions.ts';
import { DEFAULT_MAX_TEXT_BYTES } from '../sources/limits.ts';
import { INLINE_MARKERS } from '../suppress/inline.ts';
import { DEFAULTS, parseSize } from './defaults.ts';
import { ConfigError } from './error.ts';
import { givenFiles, operatorFiles, targetFiles } from './files.ts';
import { resolveConfig } from './resolve.ts';
import type { Config, ResolvedConfig, ResolveInput } from './resolve.ts';
import { SETTINGS } from './settings.ts';
import { originText, showValues } from './show.ts';

const CWD = resolve('/work-dir');
const HOME = resolve('/home/ann');

interface World {
  /** Files of the operator, relative to the working directory unless absolute. */
  readonly own?: Readonly<Record<string, string>>;
  readonly target?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const yaml = (...lines: string[]): string => ['version: 1', ...lines].join('\n');

function run(world: World, input: Partial<ResolveInput> = {}): ResolvedConfig {
  const own = Object.fromEntries(Object.entries(world.own ?? {}).map(([path, text]) => [resolve(CWD, path), text]));
  const user = world.user === undefined ? {} : { [join(HOME, '.config', 'unleak', 'config.yaml')]: world.user };
  return resolveConfig({
    flags: {},
    ambient: { env: world.env ?? {}, cwd: CWD, home: HOME, platform: 'linux' },
    operatorFiles: givenFiles({ ...own, ...user }),
    ...(world.target === undefined ? {} : { target: { kind: 'local', files: givenFiles(world.target) } }),
    ...input,
  });
}

const config = (world: World, input: Partial<ResolveInput> = {}): Config => run(world, input).config;
const origin = (resolved: ResolvedConfig, key: string): string => {
  const found = resolved.values.find((value) => value.key === key);
  return found === undefined ? 'not shown' : originText(found.origin);
};

function errorOf(world: World, input: Partial<ResolveInput> = {}): ConfigError {
  try {
    run(world, input);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

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

test('lists of what to leave out, to read and to allow add up over all layers, each item with its origin', () => {
  const world: World = {
    own: { 'ci.yaml': yaml('paths: { exclude: [b] }', 'allow:', '  - paths: [y]') },
    target: { 'unleak.yaml': yaml('paths:', '  exclude:', '    - c', 'allow:', '  - paths: [z]', '    reason: why') },
    user: yaml('paths: { exclude: [d] }'),
  };
  const resolved = run(world, { flags: { exclude: ['a'] }, config: 'ci.yaml' });
  expect(resolved.config.paths.exclude).toEqual(['a', 'b', 'c', 'd']);
  expect(['paths.exclude[0]', 'paths.exclude[1]', 'paths.exclude[2]'].map((key) => origin(resolved, key))).toEqual([
    '--exclude',
    'ci.yaml:2',
    'unleak.yaml:4 (target)',
  ]);
  expect(resolved.config.allow).toEqual([
    { paths: ['y'], origin: { kind: 'config', name: 'ci.yaml', line: 4 } },
    { paths: ['z'], reason: 'why', origin: { kind: 'target', name: 'unleak.yaml', line: 6 } },
  ]);
});

test('lists that choose are taken whole from the first layer that has one', () => {
  const world: World = {
    target: { 'unleak.yaml': yaml('paths: { include: [b] }', 'rules: { only: [y] }', 'ignore: { markers: [unleak] }') },
  };
  expect(config(world, { flags: { include: ['a'] } }).paths.include).toEqual(['a']);
  expect(config(world, { flags: { 'only-rule': ['x'] } }).rules.only).toEqual(['x']);
  expect(config(world).ignore.markers).toEqual(['unleak']);
  expect(config(world, { flags: { inline: false } }).ignore.markers).toEqual([]);
});

test('of what one enables and another disables the one that goes before is right', () => {
  const world: World = { target: { 'unleak.yaml': yaml('rules:', '  disable: [a, b]', '  enable: [c]') } };
  const { rules } = config(world, { flags: { 'enable-rule': ['a'], 'disable-rule': ['c', 'd'] } });
  expect([rules.enable, rules.disable]).toEqual([['a'], ['c', 'd', 'b']]);
});

test('overrides of a rule are merged attribute by attribute', () => {
  const world: World = {
    own: { 'ci.yaml': yaml('rules: { overrides: { a: { severity: low } } }') },
    target: {
      'unleak.yaml': yaml(
        'rules:',
        '  overrides:',
        '    a: { severity: high, entropy: 3 }',
        '    b: { confidence: low }',
      ),
    },
  };
  const resolved = run(world, { config: 'ci.yaml' });
  expect(resolved.config.rules.overrides).toEqual({ a: { severity: 'low', entropy: 3 }, b: { confidence: 'low' } });
  expect(origin(resolved, 'rules.overrides.a.severity')).toBe('ci.yaml:2');
  expect(origin(resolved, 'rules.overrides.a.entropy')).toBe('unleak.yaml:4 (target)');
});

test.each(
  SETTINGS.filter(({ operatorOnly }) => operatorOnly === true).map((setting) => [setting.key, setting] as const),
)('a target may not set %s, and is told how to', (key, { flag, env }) => {
  const values: Record<string, string> = { workers: '2', output: 'x', exitCode: '0', strict: 'false' };
  const error = errorOf({ target: { 'unleak.yaml': yaml(`${key}: ${values[key] ?? ''}`) } });
  expect(error.code).toBe('operator-only');
  expect(error.message).toBe(
    `unleak.yaml:2: ${key}: only the operator may set this: use --${flag}, ${env} or a file given with --config`,
  );
  expect(
    errorOf({ target: { 'unleak.yaml': yaml('extend: [b.yaml]'), 'b.yaml': yaml(`${key}: ${values[key] ?? ''}`) } })
      .message,
  ).toMatch(/^b\.yaml:2: /);
});

test('a target may lower a limit, and not raise it', () => {
  const target = (size: string): World => ({ target: { 'unleak.yaml': yaml('limits:', `  maxFileSize: ${size}`) } });
  expect(config(target('1MiB')).limits.maxFileSize).toBe(1 << 20);
  expect(errorOf(target('1GiB')).message).toBe(
    'unleak.yaml:3: limits.maxFileSize: only the operator may raise this above 536870912: use --max-file-size or a file given with --config',
  );
  expect(config(target('1GiB'), { flags: { 'max-file-size': '2GiB' } }).limits.maxFileSize).toBe(2 ** 31);
  expect(config({ ...target('2MiB'), user: yaml('limits: { maxFileSize: 1MiB }') }).limits.maxFileSize).toBe(1 << 20);
  expect(config({ ...target('2MiB'), user: yaml('limits: { maxFileSize: 3MiB }') }).limits.maxFileSize).toBe(2 << 20);
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

test.each(['../out.yaml', '/etc/out.yaml', 'a/../../out.yaml'])('a target may not reach out of itself: %s', (path) => {
  for (const lines of [
    [`extend: [${path}]`],
    [`baseline: ${path}`],
    ['rules:', `  files: [${path}]`],
    ['ignore:', `  file: ${path}`],
  ]) {
    const error = errorOf({ target: { 'unleak.yaml': yaml(...lines), 'out.yaml': '' } });
    expect(error.code).toBe('outside-target');
    expect(error.message).toMatch(/^unleak\.yaml:[23]: .*leaves the scanned directory: give the file with/);
  }
});

test('nobody extends a URL', () => {
  const lines = yaml('extend:', '  - https://example.com/unleak.yaml');
  for (const error of [
    errorOf({ target: { 'unleak.yaml': lines } }),
    errorOf({ own: { 'c.yaml': lines } }, { config: 'c.yaml' }),
  ]) {
    expect(error.message).toMatch(/:3: extend\[0\]: takes files, not URLs: fetch it, and give it with --config$/);
  }
});

test('a file goes before those it extends, and of those the last', () => {
  const target = {
    'unleak.yaml': yaml('extend: [a/one.yaml, a/two.yaml]', 'severity: high'),
    'a/one.yaml': yaml('severity: low', 'confidence: low', 'failOn: low', 'paths: { exclude: [one] }'),
    'a/two.yaml': yaml('extend: [../three.yaml]', 'confidence: high', 'paths: { exclude: [two] }'),
    'three.yaml': yaml('confidence: medium', 'failOn: none'),
  };
  const resolved = run({ target });
  expect([resolved.config.severity, resolved.config.confidence, resolved.config.failOn]).toEqual([
    'high',
    'high',
    'none',
  ]);
  expect(resolved.config.paths.exclude).toEqual(['two', 'one']);
  expect(origin(resolved, 'failOn')).toBe('three.yaml:3 (target)');
});

test('a file that is extended on two ways counts once', () => {
  const target = {
    'unleak.yaml': yaml('extend: [a.yaml, b.yaml]'),
    'a.yaml': yaml('extend: [c.yaml]'),
    'b.yaml': yaml('extend: [c.yaml]'),
    'c.yaml': yaml('paths: { exclude: [x] }'),
  };
  expect(config({ target }).paths.exclude).toEqual(['x']);
});

test('a file that is named again and again is read once: what is scanned cannot make reading it endless', () => {
  const level = (next: number): string =>
    yaml(`extend: [${Array.from({ length: 500 }, () => `${next}.yaml`).join(', ')}]`);
  const levels = Array.from({ length: 6 }, (_, i) => [`${i}.yaml`, level(i + 1)] as const);
  const target = {
    ...Object.fromEntries(levels),
    '6.yaml': yaml('failOn: none'),
    'unleak.yaml': yaml('extend: [0.yaml]'),
  };
  expect(config({ target }).failOn).toBe('none');
});

test('files that extend each other are an error that names the chain', () => {
  const target = {
    'unleak.yaml': yaml('extend: [a.yaml]'),
    'a.yaml': yaml('extend:', '  - b.yaml'),
    'b.yaml': yaml('extend: [a.yaml]'),
  };
  const error = errorOf({ target });
  expect(error.code).toBe('extend-cycle');
  expect(error.message).toBe('b.yaml:2: extend[0]: these files extend each other: a.yaml → b.yaml → a.yaml');
  expect(errorOf({ target: { 'unleak.yaml': yaml('extend: [unleak.yaml]') } }).message).toContain(
    'unleak.yaml → unleak.yaml',
  );
});

test('extension is bounded in depth and in number', () => {
  const deep = Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [i === 0 ? 'unleak.yaml' : `${i}.yaml`, yaml(`extend: [${i + 1}.yaml]`)]),
  );
  expect(errorOf({ target: deep }).code).toBe('extend-limit');
  const names = Array.from({ length: 64 }, (_, i) => `${i}.yaml`);
  const wide = {
    'unleak.yaml': yaml(`extend: [${names.join(', ')}]`),
    ...Object.fromEntries(names.map((name) => [name, yaml()])),
  };
  expect(errorOf({ target: wide }).code).toBe('extend-limit');
});

test('an extended file that is not there is an error', () => {
  expect(errorOf({ target: { 'unleak.yaml': yaml('extend: [gone.yaml]') } }).message).toBe(
    'unleak.yaml:2: extend[0]: there is no file gone.yaml',
  );
});

test('a target has one configuration file', () => {
  expect(config({ target: { '.unleak.yaml': yaml('failOn: none') } }).failOn).toBe('none');
  expect(errorOf({ target: { 'unleak.yaml': yaml(), '.unleak.yaml': yaml() } }).message).toBe(
    '.unleak.yaml: unleak.yaml is there too: keep one of them',
  );
});

test('what a URL names is not read unless the operator trusts it, and that is said', () => {
  const files = givenFiles({ 'unleak.yaml': yaml('failOn: none'), '.unleakignore': 'a/**' });
  const target = { kind: 'fetched', files } as const;
  const untrusted = run({}, { target });
  expect([untrusted.config.failOn, untrusted.config.suppressions]).toEqual(['medium', []]);
  expect(untrusted.warnings).toEqual([
    'the configuration and the ignore files of the target were not read: --trust-target-config would',
  ]);
  const trusted = run({}, { target, trustTargetConfig: true });
  expect([trusted.config.failOn, trusted.config.suppressions.length, trusted.warnings]).toEqual(['none', 1, []]);
  expect(run({ env: { UNLEAK_TRUST_TARGET_CONFIG: '1' } }, { target }).config.failOn).toBe('none');
  expect(run({ env: { UNLEAK_TRUST_TARGET_CONFIG: '1' } }, { target, trustTargetConfig: false }).config.failOn).toBe(
    'medium',
  );
  expect(errorOf({ env: { UNLEAK_TRUST_TARGET_CONFIG: 'maybe' } }, { target }).message).toBe(
    'UNLEAK_TRUST_TARGET_CONFIG: must be true or false',
  );
  expect(run({}, { target: { kind: 'fetched', files: givenFiles({}) } }).warnings).toEqual([]);
});

test("ignore files of the target's root are found by name; a named one takes the place of ours", () => {
  const target = {
    '.unleakignore': 'a',
    '.gitleaksignore': 'b',
    '.betterleaksignore': 'c',
    'own.ignore': 'd',
    'unleak.yaml': yaml(),
  };
  expect(config({ target }).suppressions).toEqual([
    { kind: 'ignore-file', name: '.unleakignore', text: 'a' },
    { kind: 'gitleaks-ignore', name: '.gitleaksignore', text: 'b' },
    { kind: 'gitleaks-ignore', name: '.betterleaksignore', text: 'c' },
  ]);
  const named = config({
    target: { ...target, 'unleak.yaml': yaml('ignore: { file: own.ignore }', 'baseline: ./sub/../.gitleaksignore') },
  });
  expect(named.suppressions.map(({ kind, name }) => [kind, name])).toEqual([
    ['ignore-file', 'own.ignore'],
    ['gitleaks-ignore', '.gitleaksignore'],
    ['gitleaks-ignore', '.betterleaksignore'],
    ['baseline', '.gitleaksignore'],
  ]);
  expect([named.ignoreFile, named.baseline]).toEqual([
    { path: 'own.ignore', inTarget: true, name: 'own.ignore' },
    { path: '.gitleaksignore', inTarget: true, name: '.gitleaksignore' },
  ]);
});

test('paths are relative to what says them', () => {
  const own = {
    'conf/ci.yaml': yaml('baseline: base.txt', 'output: out.json', 'rules: { files: [own.yaml] }'),
    'conf/base.txt': 'x',
    'conf/own.yaml': 'rule text',
    'base.txt': 'y',
  };
  const byFile = config({ own }, { config: 'conf/ci.yaml' });
  expect(byFile.baseline).toEqual({ path: resolve(CWD, 'conf/base.txt'), inTarget: false, name: 'conf/base.txt' });
  expect(byFile.output).toBe(resolve(CWD, 'conf/out.json'));
  expect(byFile.rules.files).toMatchObject([{ name: 'conf/own.yaml', text: 'rule text' }]);
  expect(config({ own }, { config: 'conf/ci.yaml', flags: { baseline: 'base.txt', output: 'o' } })).toMatchObject({
    suppressions: [{ kind: 'baseline', name: 'base.txt', text: 'y' }],
    output: resolve(CWD, 'o'),
  });
});

test('a file that the command makes need not be there', () => {
  const made = config({}, { flags: { baseline: 'new.txt' }, creates: 'baseline' });
  expect([made.baseline?.path, made.suppressions]).toEqual([resolve(CWD, 'new.txt'), []]);
  expect(errorOf({}, { flags: { 'ignore-file': 'new.txt' }, creates: 'baseline' }).code).toBe('not-found');
});

test("ids are made with the project's salt, or with the team's private key, which is never shown", () => {
  const target = { 'unleak.yaml': yaml('project: { salt: our-project-salt }') };
  expect(config({ target }).project).toEqual({ salt: 'our-project-salt', privateSalt: false, name: '' });
  const key = 'k'.repeat(16);
  const resolved = run({ target, env: { UNLEAK_FINGERPRINT_KEY: key } });
  expect(resolved.config.project).toEqual({ salt: key, privateSalt: true, name: '' });
  expect(showValues(resolved.values).join('\n')).not.toContain(key);
  expect(showValues(resolved.values)).toContain('project.salt = (private)  # UNLEAK_FINGERPRINT_KEY');
  const short = errorOf({ env: { UNLEAK_FINGERPRINT_KEY: 'guessable' } });
  expect(short.message).toBe(
    'UNLEAK_FINGERPRINT_KEY: must be at least 16 characters long: ids made with a short key tell it',
  );
});

test('a credential id in an allow entry that was made with another salt is an error', () => {
  const id = (salt: string): string => credentialId(salt, 'token', Buffer.from('x'));
  const target = (salt: string): World => ({
    target: { 'unleak.yaml': yaml('allow:', '  - credentials:', `      - ${id(salt)}`) },
  });
  expect(config(target(DEFAULT_SALT)).allow).toHaveLength(1);
  const error = errorOf(target('another'));
  expect(error.code).toBe('other-salt');
  expect(error.message).toBe(
    `unleak.yaml:4: allow[0].credentials[0]: made with another salt (${saltTag('another')}; this run has ${saltTag(DEFAULT_SALT)})`,
  );
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

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

test('on disk, a target is read without following links out of it', () => {
  const base = mkdtempSync(join(tmpdir(), 'config-'));
  made.push(base);
  const root = join(base, 'target');
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(base, 'outside.yaml'), yaml('failOn: none'));
  writeFileSync(join(root, 'sub', 'inside.yaml'), yaml('failOn: high'));
  symlinkSync(join(root, 'sub', 'inside.yaml'), join(root, 'unleak.yaml'));
  const files = targetFiles(root);
  expect(config({}, { target: { kind: 'local', files } }).failOn).toBe('high');
  rmSync(join(root, 'unleak.yaml'));
  symlinkSync(join(base, 'outside.yaml'), join(root, 'unleak.yaml'));
  expect(errorOf({}, { target: { kind: 'local', files } }).message).toBe(
    'unleak.yaml: is a symbolic link that leaves the scanned directory',
  );
  rmSync(join(root, 'unleak.yaml'));
  symlinkSync('..', join(root, 'unleak.yaml'));
  expect(errorOf({}, { target: { kind: 'local', files } }).code).toBe('outside-target');
  rmSync(join(root, 'unleak.yaml'));
  mkdirSync(join(root, 'unleak.yaml'));
  expect(errorOf({}, { target: { kind: 'local', files } }).message).toBe('unleak.yaml: is not a file');
  expect(files.readText('gone.yaml')).toBeUndefined();
  expect(files.readText('sub/inside.yaml/below')).toBeUndefined();
  expect(operatorFiles().readText(join(base, 'outside.yaml'))).toBe(yaml('failOn: none'));
  expect(operatorFiles().readText(join(base, 'gone.yaml'))).toBeUndefined();
});
