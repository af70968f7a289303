/**
 * The one resolver of configuration, for command line, hook and Action. Order: flag, environment, the file given with
 * `--config`, target, user, default. Every value knows where it comes from.
 *
 * Single values: the first that says one. Lists of what to leave out, to read or to allow add up over all layers; lists
 * that choose (`rules.only`, `paths.include`, `ignore.markers`) are taken whole from the first layer that has one.
 */
import { resolve } from 'node:path';
import { INLINE_MARKERS } from '../suppress/inline.ts';
import type { InlineMarker } from '../suppress/inline.ts';
import type { SuppressionFile } from '../suppress/read-files.ts';
import type { FailOn } from '../reports/exit-code.ts';
import type { Confidence, Severity } from '../types/index.ts';
import { collectLayers, warnings } from './collect.ts';
import type { CollectInput } from './collect.ts';
import { DEFAULTS, parseDuration, parseSize } from './defaults.ts';
import { failure } from './layers.ts';
import type { Layer, Origin } from './layers.ts';
import { ruleFile, suppressionFiles } from './linked-files.ts';
import type { NamedFile, RuleFileText } from './linked-files.ts';
import { mergeOverrides, mergeSelection } from './merge-rules.ts';
import { defaulted, every, first, items, problemPlace } from './said.ts';
import type { Said } from './said.ts';
import { checkSalt, findSalt } from './salt.ts';
import type { AllowEntry, OnTimeout, RuleOverride } from './schema.ts';
import { SETTINGS } from './settings.ts';

export interface ResolveInput extends CollectInput {
  /** The command makes this file, so it need not be there yet. */
  readonly creates?: 'baseline' | 'ignore-file' | undefined;
}

export interface AcceptedEntry extends AllowEntry {
  readonly origin: Origin;
}

export interface Config {
  /** `salt` is the key of credential ids; `privateSalt`: it must not be shown. */
  readonly project: { readonly salt: string; readonly privateSalt: boolean; readonly name: string };
  readonly rules: {
    readonly files: readonly RuleFileText[];
    readonly only?: readonly string[];
    readonly enable: readonly string[];
    readonly disable: readonly string[];
    readonly overrides: Readonly<Record<string, RuleOverride>>;
  };
  readonly paths: { readonly include?: readonly string[]; readonly exclude: readonly string[] };
  readonly allow: readonly AcceptedEntry[];
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly failOn: FailOn;
  /** Bytes, and how deep decoded text is decoded again. */
  readonly limits: { readonly maxFileSize: number; readonly maxDecodeDepth: number };
  /** `markers` is empty where comments do not count. */
  readonly ignore: { readonly gitignore: boolean; readonly markers: readonly InlineMarker[] };
  /** Ignore files and the baseline, read. */
  readonly suppressions: readonly SuppressionFile[];
  readonly ignoreFile?: NamedFile;
  readonly baseline?: NamedFile;
  /** Of hooks; milliseconds. */
  readonly hook: { readonly budget: number; readonly pushBudget: number; readonly onTimeout: OnTimeout };
  /** Absent: as many as the machine is good for. */
  readonly workers?: number;
  /** Absolute. */
  readonly output?: string;
  readonly exitCode: number;
  readonly strict: boolean;
}

/** For `config show`: what holds, and who said so. */
export interface ResolvedValue {
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
}

export interface ResolvedConfig {
  readonly config: Config;
  readonly values: readonly ResolvedValue[];
  /** One line each: what was given and has no effect. */
  readonly warnings: readonly string[];
}

/** @throws ConfigError */
export function resolveConfig(input: ResolveInput): ResolvedConfig {
  const layers = collectLayers(input);
  const values: ResolvedValue[] = [];
  const show = <T>(key: string, { value, origin }: Said<T>, shown: unknown = value): T => {
    values.push({ key, value: shown, origin });
    return value;
  };
  const one = <T>(key: string, fallback: T): T => show(key, first<T>(layers, key.split('.')) ?? defaulted(fallback));
  const all = <T>(key: string, found: readonly Said<T>[] = items<T>(layers, key.split('.'))): readonly T[] =>
    found.map((item, index) => show(`${key}[${index}]`, item));

  const { salt, isPrivate } = findSalt(input.ambient, layers);
  show('project.salt', salt, isPrivate ? '(private)' : salt.value);
  const project = { salt: salt.value, privateSalt: isPrivate, name: one('project.name', '') };

  const ruleFiles = items<string>(layers, ['rules', 'files']);
  all('rules.files', ruleFiles);
  const only = first<readonly string[]>(layers, ['rules', 'only']);
  const selection = mergeSelection(layers);
  const overrides = mergeOverrides(layers);
  const rules = {
    files: ruleFiles.map((said) => ruleFile(said, input.ambient, input.operatorFiles)),
    ...(only === undefined ? {} : { only: show('rules.only', only) }),
    enable: all('rules.enable', selection.enable),
    disable: all('rules.disable', selection.disable),
    overrides: overrides.merged,
  };
  for (const said of overrides.said) show(said.key, said);

  const include = first<readonly string[]>(layers, ['paths', 'include']);
  const paths = {
    ...(include === undefined ? {} : { include: show('paths.include', include) }),
    exclude: all<string>('paths.exclude'),
  };
  const accepted = items<AllowEntry>(layers, ['allow']);
  checkSalt(accepted, salt.value);
  all('allow', accepted);

  const severity = one<Severity>('severity', DEFAULTS.severity);
  const confidence = one<Confidence>('confidence', DEFAULTS.confidence);
  const failOn = one<FailOn>('failOn', DEFAULTS.failOn);
  const limits = {
    maxFileSize: parseSize(show('limits.maxFileSize', limit(layers, 'maxFileSize'))),
    maxDecodeDepth: parseSize(show('limits.maxDecodeDepth', limit(layers, 'maxDecodeDepth'))),
  };
  const gitignore = one('ignore.gitignore', DEFAULTS.gitignore);
  const inline = one('ignore.inline', DEFAULTS.inline);
  const markers = one<readonly InlineMarker[]>('ignore.markers', INLINE_MARKERS);

  const named = {
    ignoreFile: first<string>(layers, ['ignore', 'file']),
    baseline: first<string>(layers, ['baseline']),
  };
  show('ignore.file', named.ignoreFile ?? defaulted(DEFAULTS.ignoreFile));
  if (named.baseline !== undefined) show('baseline', named.baseline);
  const { files: suppressions, ...written } = suppressionFiles(input, named.ignoreFile, named.baseline);
  const hook = {
    budget: parseDuration(one('hook.budget', DEFAULTS.budget)),
    pushBudget: parseDuration(one('hook.pushBudget', DEFAULTS.pushBudget)),
    onTimeout: one<OnTimeout>('hook.onTimeout', DEFAULTS.onTimeout),
  };
  const workers = first<number>(layers, ['workers']);
  const output = first<string>(layers, ['output']);

  const config: Config = {
    project,
    rules,
    paths,
    allow: accepted.map(({ value, origin }) => ({ ...value, origin })),
    severity,
    confidence,
    failOn,
    limits,
    ignore: { gitignore, markers: inline ? markers : [] },
    suppressions,
    ...written,
    hook,
    ...(workers === undefined ? {} : { workers: show('workers', workers) }),
    ...(output === undefined
      ? {}
      : { output: resolve(output.at?.source.directory ?? input.ambient.cwd, show('output', output)) }),
    exitCode: one('exitCode', DEFAULTS.exitCode),
    strict: one('strict', DEFAULTS.strict),
  };
  return { config, values, warnings: warnings(input) };
}

/** A target may lower a limit, never raise what the operator or the default allows: memory and time are the operator's. */
function limit(layers: readonly Layer[], name: 'maxFileSize' | 'maxDecodeDepth'): Said<number | string> {
  const key = `limits.${name}`;
  const candidates = every<number | string>(layers, ['limits', name]);
  for (const [index, said] of candidates.entries()) {
    if (said.at?.layer.kind !== 'target') return said;
    if (parseSize(said.value) > DEFAULTS[name]) {
      const { file, line } = problemPlace(said.at);
      const flag = SETTINGS.find((setting) => setting.key === key)?.flag ?? '';
      throw failure(
        'operator-only',
        file,
        line,
        `${key}: only the operator may raise this above ${DEFAULTS[name]}: use --${flag} or a file given with --config`,
      );
    }
    const below = candidates.slice(index + 1).find(({ at }) => at?.layer.kind !== 'target');
    if (below === undefined || parseSize(said.value) <= parseSize(below.value)) return said;
  }
  return defaulted(DEFAULTS[name]);
}
