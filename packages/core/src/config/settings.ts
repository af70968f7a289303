/**
 * Every value that can also be given by a flag or a variable: the one list from which the resolver, the command line and
 * the documentation are made.
 */
import type { ConfigFile } from './schema.ts';
import type { KeyPath } from './parse.ts';

export interface Setting {
  /** Where it stands in a configuration file. */
  readonly key: string;
  /** Without the dashes. */
  readonly flag: string;
  readonly env: string;
  readonly type: 'text' | 'number' | 'boolean' | 'list';
  /** A target's configuration may not set it. */
  readonly operatorOnly?: true;
  /** One line of help. */
  readonly about: string;
}

function setting(
  key: string,
  flag: string,
  type: Setting['type'],
  about: string,
  operatorOnly?: 'operator only',
): Setting {
  const env = `UNLEAK_${flag.toUpperCase().replaceAll('-', '_')}`;
  return { key, flag, env, type, about, ...(operatorOnly === undefined ? {} : { operatorOnly: true }) };
}

export const SETTINGS: readonly Setting[] = [
  setting(
    'failOn',
    'fail-on',
    'text',
    'which findings make the exit status 1: low, medium, high (least confidence), present, none',
  ),
  setting('severity', 'min-severity', 'text', 'least severity that is reported: critical, high, medium, low'),
  setting('confidence', 'confidence', 'text', 'least confidence that is shown one by one: high, medium, low'),
  setting('rules.files', 'rules', 'list', 'more rule files (YAML, .gitleaks.toml, .betterleaks.toml)'),
  setting('rules.only', 'only-rule', 'list', 'run no other rules (id, provider:<id>, tag:<tag>)'),
  setting('rules.enable', 'enable-rule', 'list', 'run rules although the configuration disables them'),
  setting('rules.disable', 'disable-rule', 'list', 'do not run these rules'),
  setting('paths.include', 'include', 'list', 'report nothing outside these globs'),
  setting('paths.exclude', 'exclude', 'list', 'report nothing on these globs'),
  setting('limits.maxFileSize', 'max-file-size', 'text', 'texts above this size are not scanned, and listed'),
  setting('limits.maxDecodeDepth', 'max-decode-depth', 'number', 'how often decoded text is decoded again'),
  setting('ignore.gitignore', 'gitignore', 'boolean', 'leave out what .gitignore names, in directories'),
  setting('ignore.inline', 'inline', 'boolean', 'honour comments that ask for a finding to be ignored'),
  setting('ignore.markers', 'inline-markers', 'list', 'whose comments to honour'),
  setting('ignore.file', 'ignore-file', 'text', 'the ignore file (default: .unleakignore in the target)'),
  setting(
    'baseline',
    'baseline',
    'text',
    'credentials that are known: our own baseline, a gitleaks report or .secrets.baseline',
  ),
  setting('project.name', 'project-name', 'text', 'keeps equal passwords of different projects apart'),
  setting('hook.budget', 'budget', 'text', 'how long a commit waits for the hook, such as 2s'),
  setting('hook.pushBudget', 'push-budget', 'text', 'how long a push waits for the hook, such as 30s'),
  setting('hook.onTimeout', 'on-timeout', 'text', 'what happens when the hook is out of time: pass, stop'),
  setting('workers', 'workers', 'number', 'threads', 'operator only'),
  setting('output', 'output', 'text', 'write the report to this file', 'operator only'),
  setting('exitCode', 'exit-code', 'number', 'exit status in place of 1', 'operator only'),
  setting('strict', 'strict', 'boolean', 'what was excluded by policy makes the scan incomplete', 'operator only'),
];

/** Variables that are no settings: the configuration file, trust in a fetched target, and the private key of ids. */
export const OTHER_VARIABLES = ['UNLEAK_CONFIG', 'UNLEAK_TRUST_TARGET_CONFIG', 'UNLEAK_FINGERPRINT_KEY'] as const;

export function settingPath({ key }: Setting): KeyPath {
  return key.split('.');
}

export function valueAt(config: ConfigFile, path: KeyPath): unknown {
  let value: unknown = config;
  for (const part of path)
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[part] : undefined;
  return value;
}

/** A configuration that says this one thing, not checked yet. */
export function configWith(path: KeyPath, value: unknown): unknown {
  const nested = path.reduceRight((inner: unknown, part) => ({ [part]: inner }), value);
  return { version: 1, ...(nested as object) };
}

/** What the text of a variable says; text that is no such value stays text, and the schema refuses it. */
export function fromText(type: Setting['type'], text: string): unknown {
  if (type === 'list')
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  if (type === 'number') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (type === 'boolean') {
    if (['true', '1', 'yes', 'on'].includes(text.toLowerCase())) return true;
    if (['false', '0', 'no', 'off'].includes(text.toLowerCase())) return false;
  }
  return text;
}
