/**
 * The one resolver of configuration, for command line, hook and Action. Order: flag, environment, the file given with
 * `--config`, target, user, default. Every value knows where it comes from.
 *
 * Single values: the first that says one. Lists of what to leave out or to allow add up over all layers; lists that
 * choose (`rules.only`, `paths.include`, `ignore.markers`) are taken whole from the first layer that has one.
 */
import { resolve as resolvePath } from 'node:path';
import { DEFAULT_SALT, saltTag, tagOfId } from '../bytes/ids.ts';
import { INLINE_MARKERS } from '../suppress/inline.ts';
import type { InlineMarker } from '../suppress/inline.ts';
import type { SuppressionFile, SuppressionFileKind } from '../suppress/read-files.ts';
import type { FailOn } from '../reports/exit-code.ts';
import type { Confidence, Severity } from '../types/index.ts';
import type { ConfigAmbient } from './ambient.ts';
import { DEFAULTS, parseSize } from './defaults.ts';
import { userDirectories } from './directories.ts';
import type { ConfigFiles } from './files.ts';
import { environmentLayer, failure, flagLayer, leavesTarget, operatorLayer, shownPath, targetLayer, targetPath } from './layers.ts';
import type { FlagValue, Layer, Origin, Source } from './layers.ts';
import { mergeOverrides, mergeSelection } from './merge-rules.ts';
import { nearest } from './nearest.ts';
import { keyText } from './parse.ts';
import type { KeyPath } from './parse.ts';
import type { AllowEntry, RuleOverride } from './schema.ts';
import { OTHER_VARIABLES, settingPath, SETTINGS, valueAt } from './settings.ts';

export interface ResolveInput {
  /** Settings by flag name; undefined ones were not given. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** `--config`; goes before UNLEAK_CONFIG. */
  readonly config?: string;
  /** `--trust-target-config`; else UNLEAK_TRUST_TARGET_CONFIG decides. */
  readonly trustTargetConfig?: boolean;
  readonly ambient: ConfigAmbient;
  readonly operatorFiles: ConfigFiles;
  /** Absent where nothing is scanned that could hold a configuration, as on standard input. */
  readonly target?: {
    /** `fetched`: what a URL names. Its configuration is not read unless it is trusted. */
    readonly kind: 'local' | 'fetched';
    readonly files: ConfigFiles;
  };
  /** The command makes this file, so it need not be there yet. */
  readonly creates?: 'baseline' | 'ignore-file';
}

export interface RuleFileText {
  /** As messages name it. */
  readonly name: string;
  readonly text: string;
  /** What may be read on behalf of that file, and relative to what. */
  readonly files: ConfigFiles;
  readonly directory: string;
}

export interface OriginatedAllow extends AllowEntry {
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
  readonly allow: readonly OriginatedAllow[];
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly failOn: FailOn;
  readonly limits: { readonly maxFileSize: number; readonly maxDecodeDepth: number };
  readonly ignore: { readonly gitignore: boolean; readonly inline: boolean; readonly markers: readonly InlineMarker[] };
  /** Ignore files and baseline, read. */
  readonly suppressions: readonly SuppressionFile[];
  /** Paths of the two that commands write, as far as they were named: absolute, or relative to the target's root. */
  readonly named: { readonly baseline?: NamedFile; readonly ignoreFile?: NamedFile };
  /** Absent: as many as the machine is good for. */
  readonly workers?: number;
  /** Absolute. */
  readonly output?: string;
  readonly exitCode: number;
  readonly strict: boolean;
}

export interface NamedFile {
  readonly path: string;
  /** Whether `path` is relative to the target's root. */
  readonly inTarget: boolean;
}

/** For `config show`: what holds, and who said so. */
export interface ResolvedValue {
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
}

export interface ResolvedConfig {
  readonly config: Config;
  /** In the order of the documentation. */
  readonly values: readonly ResolvedValue[];
  /** One line each: what was given and has no effect. */
  readonly warnings: readonly string[];
}

const DEFAULT_ORIGIN: Origin = { kind: 'default', name: '' };
const PRIVATE_KEY = 'UNLEAK_FINGERPRINT_KEY';
const PRIVATE_KEY_LENGTH = 16;

interface Said<T> {
  readonly value: T;
  readonly origin: Origin;
  readonly layer: Layer | undefined;
  readonly source: Source | undefined;
}

/** @throws ConfigError */
export function resolveConfig(input: ResolveInput): ResolvedConfig {
  const layers = collectLayers(input);
  const values: ResolvedValue[] = [];
  const show = <T>(key: string, said: Said<T>, shown: unknown = said.value): T => {
    values.push({ key, value: shown, origin: said.origin });
    return said.value;
  };
  const single = <T>(key: string, fallback: T): T => show(key, first<T>(layers, key.split('.')) ?? defaulted(fallback));
  const choice = <T>(key: string): readonly T[] | undefined => {
    const found = first<readonly T[]>(layers, key.split('.'));
    return found === undefined ? undefined : show(key, found);
  };
  const all = <T>(key: string): readonly Said<T>[] => {
    const items = every<T>(layers, key.split('.'));
    items.forEach((item, index) => show(`${key}[${index}]`, item));
    return items;
  };

  const salt = findSalt(input.ambient, layers);
  const project = {
    salt: show('project.salt', salt, salt.origin.kind === 'environment' ? '(private)' : salt.value),
    privateSalt: salt.origin.kind === 'environment',
    name: single('project.name', ''),
  };
  const files = all<string>('rules.files').map((said) => ruleFile(said, input));
  const only = choice<string>('rules.only');
  const selection = mergeSelection(layers.map(({ sources }) => sources));
  for (const key of ['enable', 'disable'] as const) {
    for (const [entry, origin] of selection[key]) values.push({ key: `rules.${key}[]`, value: entry, origin: origin(layers) });
  }
  const overrides = mergeOverrides(layers.flatMap(({ sources }) => sources));
  for (const { key, value, source, path } of overrides.said) values.push({ key, value, origin: originIn(layers, source, path) });
  const include = choice<string>('paths.include');
  const exclude = all<string>('paths.exclude').map(({ value }) => value);
  const allow = all<AllowEntry>('allow').map(({ value, origin }) => ({ ...value, origin }));
  checkSalt(allow, saltTag(project.salt));
  const limits = {
    maxFileSize: parseSize(show('limits.maxFileSize', limit(layers, 'maxFileSize', DEFAULTS.maxFileSize))),
    maxDecodeDepth: Number(show('limits.maxDecodeDepth', limit(layers, 'maxDecodeDepth', DEFAULTS.maxDecodeDepth))),
  };
  const markers = first<readonly InlineMarker[]>(layers, ['ignore', 'markers']) ?? defaulted<readonly InlineMarker[]>(INLINE_MARKERS);
  const base = {
    severity: single('severity', DEFAULTS.severity),
    confidence: single('confidence', DEFAULTS.confidence),
    failOn: single('failOn', DEFAULTS.failOn),
    ignore: {
      gitignore: single('ignore.gitignore', DEFAULTS.gitignore),
      inline: single('ignore.inline', DEFAULTS.inline),
      markers: show('ignore.markers', markers),
    },
    exitCode: single('exitCode', DEFAULTS.exitCode),
    strict: single('strict', DEFAULTS.strict),
  };
  const ignoreFile = first<string>(layers, ['ignore', 'file']);
  const baseline = first<string>(layers, ['baseline']);
  if (ignoreFile !== undefined) show('ignore.file', ignoreFile);
  if (baseline !== undefined) show('baseline', baseline);
  const workers = first<number>(layers, ['workers']);
  const output = first<string>(layers, ['output']);
  const config: Config = {
    project,
    rules: { files, ...(only === undefined ? {} : { only }), enable: [...selection.enable.keys()], disable: [...selection.disable.keys()], overrides: overrides.merged },
    paths: { exclude, ...(include === undefined ? {} : { include }) },
    allow,
    ...base,
    limits,
    suppressions: suppressionFiles(input, ignoreFile, baseline),
    named: {
      ...(ignoreFile === undefined ? {} : { ignoreFile: namedFile(ignoreFile) }),
      ...(baseline === undefined ? {} : { baseline: namedFile(baseline) }),
    },
    ...(workers === undefined ? {} : { workers: show('workers', workers) }),
    ...(output === undefined ? {} : { output: resolvePath(output.source?.directory ?? input.ambient.cwd, show('output', output)) }),
  };
  return { config, values: sortValues(values), warnings: warnings(input) };
}
