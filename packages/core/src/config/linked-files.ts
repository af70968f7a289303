/** Files that a configuration names: read on behalf of the layer that named them, with no more rights than it has. */
import { resolve } from 'node:path';
import type { SuppressionFile, SuppressionFileKind } from '../suppress/read-files.ts';
import type { ConfigAmbient } from './ambient.ts';
import { trustedTarget } from './collect.ts';
import type { CollectInput } from './collect.ts';
import type { ConfigFiles } from './files.ts';
import { IGNORE_FILES } from './file-names.ts';
import { failure, leavesTarget, shownPath, targetPath } from './layers.ts';
import { problemPlace } from './said.ts';
import type { Place, Said } from './said.ts';

export interface NamedFile {
  /** Absolute, or relative to the target's root. */
  readonly path: string;
  readonly inTarget: boolean;
  /** As messages name it. */
  readonly name: string;
}

export interface RuleFileText {
  /** As messages name it. */
  readonly name: string;
  readonly text: string;
  /** What may be read on behalf of the file, by the paths of `ConfigFiles`. */
  readonly files: ConfigFiles;
}

/** @throws ConfigError for a path that leaves the target which names it */
function namedFile({ value, at }: Said<string>, ambient: ConfigAmbient): NamedFile {
  const directory = at?.source.directory ?? ambient.cwd;
  if (at?.layer.kind !== 'target') {
    const path = resolve(directory, value);
    return { path, inTarget: false, name: shownPath(path, ambient) };
  }
  const path = targetPath(directory, value);
  if (leavesTarget(path))
    throw placed('outside-target', at, 'leaves the scanned directory: give the file with a flag or --config');
  return { path, inTarget: true, name: path };
}

/** @throws ConfigError */
export function ruleFile(said: Said<string>, ambient: ConfigAmbient, operator: ConfigFiles): RuleFileText {
  const { path, name } = namedFile(said, ambient);
  const files = said.at?.layer.files ?? operator;
  const text = files.readText(path);
  if (text === undefined) throw placed('not-found', said.at, `there is no file ${name}`);
  return { name, text, files };
}

export interface LinkedSuppressions {
  readonly files: readonly SuppressionFile[];
  readonly baseline?: NamedFile;
  readonly ignoreFile?: NamedFile;
}

/**
 * The ignore file and the baseline where they are named, and what lies in the root of a target that counts. `creates`
 * need not exist. @throws ConfigError
 */
export function suppressionFiles(
  input: CollectInput & { readonly creates?: 'baseline' | 'ignore-file' | undefined },
  ignoreFile: Said<string> | undefined,
  baseline: Said<string> | undefined,
): LinkedSuppressions {
  const files: SuppressionFile[] = [];
  const named = (kind: 'baseline' | 'ignore-file', said: Said<string>): NamedFile => {
    const file = namedFile(said, input.ambient);
    const text = (said.at?.layer.files ?? input.operatorFiles).readText(file.path);
    if (text !== undefined) files.push({ kind, name: file.name, text });
    else if (input.creates !== kind) throw placed('not-found', said.at, `there is no file ${file.name}`);
    return file;
  };
  const target = trustedTarget(input);
  const present = (kind: SuppressionFileKind, name: string): void => {
    const text = target?.files.readText(name);
    if (text !== undefined) files.push({ kind, name, text });
  };
  const ignore = ignoreFile === undefined ? undefined : named('ignore-file', ignoreFile);
  for (const [kind, name] of IGNORE_FILES) if (kind !== 'ignore-file' || ignore === undefined) present(kind, name);
  const known = baseline === undefined ? undefined : named('baseline', baseline);
  return {
    files,
    ...(ignore === undefined ? {} : { ignoreFile: ignore }),
    ...(known === undefined ? {} : { baseline: known }),
  };
}

function placed(code: 'not-found' | 'outside-target', at: Place | undefined, message: string): Error {
  if (at === undefined) return failure(code, '', undefined, message);
  const { file, line, key } = problemPlace(at);
  return failure(code, file, line, key + message);
}
