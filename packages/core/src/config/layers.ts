/**
 * Where settings come from, each with its level of trust. The operator's layers are flags, environment, the file given
 * with `--config` and the user's own file; the target's layer is whatever is found in what is scanned.
 */
import { posix, resolve, dirname, relative, isAbsolute, sep } from 'node:path';
import type { ConfigAmbient } from './ambient.ts';
import { ConfigError } from './error.ts';
import type { ConfigErrorCode, ConfigProblem } from './error.ts';
import { CONFIG_FILES } from './file-names.ts';
import type { ConfigFiles } from './files.ts';
import { checkConfig, keyText, parseConfig } from './parse.ts';
import type { KeyPath, ParsedConfig } from './parse.ts';
import { configWith, fromText, settingPath, SETTINGS, valueAt } from './settings.ts';

export type LayerKind = 'flag' | 'environment' | 'config' | 'target' | 'user';

/** Who said a value: a flag, a variable, or a line of a file. */
export interface Origin {
  readonly kind: LayerKind | 'default';
  /** The flag, the variable, or the file as messages name it; empty for defaults. */
  readonly name: string;
  readonly line?: number;
}

export interface Source extends ParsedConfig {
  /** What relative paths in it are relative to. */
  readonly directory: string;
}

export interface Layer {
  readonly kind: LayerKind;
  readonly files: ConfigFiles;
  /** What goes before comes first: a file before those it extends. */
  readonly sources: readonly Source[];
}

export type FlagValue = string | number | boolean | readonly string[] | undefined;

/** By name without dashes. @throws ConfigError; RangeError for a flag that is no setting */
export function flagLayer(
  flags: Readonly<Record<string, FlagValue>>,
  ambient: ConfigAmbient,
  files: ConfigFiles,
): Layer {
  const sources: Source[] = [];
  for (const [flag, value] of Object.entries(flags)) {
    const found = SETTINGS.find((one) => one.flag === flag);
    if (found === undefined) throw new RangeError(`--${flag} is no setting`);
    if (value !== undefined) sources.push(single(`--${flag}`, settingPath(found), value, ambient));
  }
  return { kind: 'flag', files, sources };
}

/** An empty variable is one that is not set. @throws ConfigError */
export function environmentLayer(ambient: ConfigAmbient, files: ConfigFiles): Layer {
  const sources: Source[] = [];
  for (const one of SETTINGS) {
    const text = ambient.env[one.env];
    if (text !== undefined && text !== '')
      sources.push(single(one.env, settingPath(one), fromText(one.type, text), ambient));
  }
  return { kind: 'environment', files, sources };
}

function single(name: string, path: KeyPath, value: unknown, ambient: ConfigAmbient): Source {
  const parsed = checkConfig({ name, value: configWith(path, value), lineOf: () => undefined, unnamed: keyText(path) });
  return { ...parsed, directory: ambient.cwd };
}

/** A file of the operator with all that it extends; `path` absolute. `undefined` if it is not there. @throws ConfigError */
export function operatorLayer(
  kind: 'config' | 'user',
  path: string,
  ambient: ConfigAmbient,
  files: ConfigFiles,
): Layer | undefined {
  const resolvePath = (directory: string, to: string): string => resolve(directory, to);
  const load: Load = {
    files,
    resolvePath,
    directoryOf: dirname,
    nameOf: (full) => shownPath(full, ambient),
    outside: () => false,
  };
  const sources = loadTree(path, load);
  return sources === undefined ? undefined : { kind, files, sources };
}

/** The target's own configuration. `undefined` if it has none. @throws ConfigError */
export function targetLayer(files: ConfigFiles): Layer | undefined {
  const present = CONFIG_FILES.filter((name) => files.readText(name) !== undefined);
  const [name, other] = present;
  if (name === undefined) return undefined;
  if (other !== undefined) throw failure('bad-value', other, undefined, `${name} is there too: keep one of them`);
  const sources = loadTree(name, targetLoad(files)) ?? [];
  const problems = sources.flatMap(operatorOnlyProblems);
  const [first, ...others] = problems;
  if (first !== undefined) throw new ConfigError([first, ...others]);
  return { kind: 'target', files, sources };
}

function targetLoad(files: ConfigFiles): Load {
  return {
    files,
    resolvePath: targetPath,
    directoryOf: (path) => posix.dirname(path),
    nameOf: (path) => path,
    outside: leavesTarget,
  };
}

/** Relative to the target's root. */
export function targetPath(directory: string, to: string): string {
  return posix.isAbsolute(to) || isAbsolute(to) ? to : posix.normalize(posix.join(directory, to));
}

export function leavesTarget(path: string): boolean {
  return path === '..' || path.startsWith('../') || posix.isAbsolute(path) || isAbsolute(path);
}

function operatorOnlyProblems(source: Source): ConfigProblem[] {
  return SETTINGS.filter(
    (one) => one.operatorOnly === true && valueAt(source.config, settingPath(one)) !== undefined,
  ).map((one): ConfigProblem => {
    const line = source.lineOf(settingPath(one));
    const message = `${one.key}: only the operator may set this: use --${one.flag}, ${one.env} or a file given with --config`;
    return { code: 'operator-only', file: source.name, ...(line === undefined ? {} : { line }), message };
  });
}

interface Load {
  readonly files: ConfigFiles;
  readonly resolvePath: (directory: string, to: string) => string;
  readonly directoryOf: (path: string) => string;
  readonly nameOf: (path: string) => string;
  readonly outside: (path: string) => boolean;
}

const MAX_DEPTH = 8;
const MAX_FILES = 64;

function loadTree(path: string, load: Load): readonly Source[] | undefined {
  const sources = new Map<string, Source>();
  const visit = (at: string, chain: readonly string[], from?: { source: Source; index: number }): boolean => {
    if (sources.has(at) && !chain.includes(at)) return true;
    const name = load.nameOf(at);
    if (chain.includes(at)) {
      const cycle = [...chain.slice(chain.indexOf(at)), at].map(load.nameOf).join(' → ');
      throw extendFailure('extend-cycle', from, `these files extend each other: ${cycle}`);
    }
    if (chain.length >= MAX_DEPTH)
      throw extendFailure('extend-limit', from, `files extend each other more than ${MAX_DEPTH} deep`);
    if (sources.size >= MAX_FILES) throw extendFailure('extend-limit', from, `more than ${MAX_FILES} files`);
    const text = load.files.readText(at);
    if (text === undefined) {
      if (from === undefined) return false;
      throw extendFailure('not-found', from, `there is no file ${name}`);
    }
    const source: Source = { ...parseConfig(name, text), directory: load.directoryOf(at) };
    // A file goes before those it extends, and of those the last goes first.
    sources.set(at, source);
    const extended = source.config.extend ?? [];
    for (const [index, to] of [...extended.entries()].reverse()) {
      if (to.includes('://'))
        throw extendFailure(
          'bad-value',
          { source, index },
          'takes files, not URLs: fetch it, and give it with --config',
        );
      const next = load.resolvePath(source.directory, to);
      if (load.outside(next))
        throw extendFailure(
          'outside-target',
          { source, index },
          'leaves the scanned directory: give the file with --config',
        );
      visit(next, [...chain, at], { source, index });
    }
    return true;
  };
  return visit(path, []) ? [...sources.values()] : undefined;
}

function extendFailure(
  code: ConfigErrorCode,
  from: { source: Source; index: number } | undefined,
  message: string,
): ConfigError {
  const path: KeyPath = ['extend', from?.index ?? 0];
  return failure(code, from?.source.name ?? '', from?.source.lineOf(path), `${keyText(path)}: ${message}`);
}

export function failure(code: ConfigErrorCode, file: string, line: number | undefined, message: string): ConfigError {
  return new ConfigError([{ code, file, ...(line === undefined ? {} : { line }), message }]);
}

/** A path of this machine as messages and reports name it: relative to the working directory or to the home. */
export function shownPath(path: string, { cwd, home }: ConfigAmbient): string {
  const below = (base: string | undefined): string | undefined => {
    if (base === undefined || base === '') return undefined;
    const rest = relative(base, path);
    return rest === '' || rest === '..' || rest.startsWith(`..${sep}`) || isAbsolute(rest) ? undefined : rest;
  };
  const inHome = below(home);
  return (below(cwd) ?? (inHome === undefined ? path : `~${sep}${inHome}`)).replaceAll(sep, '/');
}
