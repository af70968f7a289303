/** What the configuration of what is scanned may say, and may read. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { givenFiles, operatorFiles, targetFiles } from './files.ts';
import { SETTINGS } from './settings.ts';
import { config, errorOf, run, yaml, type World } from './test-config.ts';

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
