import { resolve } from 'node:path';
import type { ConfigAmbient } from './ambient.ts';
import { userDirectories } from './directories.ts';
import type { ConfigFiles } from './files.ts';
import { CONFIG_FILES, IGNORE_FILES } from './file-names.ts';
import { environmentLayer, failure, flagLayer, operatorLayer, shownPath, targetLayer } from './layers.ts';
import type { FlagValue, Layer } from './layers.ts';
import { nearest } from '../bytes/nearest.ts';
import { OTHER_VARIABLES, SETTINGS } from './settings.ts';

export interface CollectInput {
  /** Settings by flag name without dashes; undefined ones were not given. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** `--config`; goes before UNLEAK_CONFIG. */
  readonly config?: string | undefined;
  /** `--trust-target-config`; without it UNLEAK_TRUST_TARGET_CONFIG decides. */
  readonly trustTargetConfig?: boolean | undefined;
  readonly ambient: ConfigAmbient;
  readonly operatorFiles: ConfigFiles;
  /** Absent where nothing is scanned that could hold a configuration, as on standard input. */
  readonly target?: Target | undefined;
}

export interface Target {
  /** `fetched`: what a URL names. Nothing of it is configuration unless the operator trusts it. */
  readonly kind: 'local' | 'fetched';
  readonly files: ConfigFiles;
}

/** What goes before comes first: flag, environment, `--config`, target, user. @throws ConfigError */
export function collectLayers(input: CollectInput): readonly Layer[] {
  const { ambient, operatorFiles } = input;
  const target = trustedTarget(input);
  const layers = [
    flagLayer(input.flags, ambient, operatorFiles),
    environmentLayer(ambient, operatorFiles),
    configLayer(input),
    target === undefined ? undefined : targetLayer(target.files),
    userLayer(input),
  ];
  return layers.filter((layer) => layer !== undefined);
}

/** The target, if what it says counts. */
export function trustedTarget({ target, trustTargetConfig, ambient }: CollectInput): Target | undefined {
  if (target?.kind !== 'fetched') return target;
  return (trustTargetConfig ?? isTrue(ambient.env['UNLEAK_TRUST_TARGET_CONFIG'])) ? target : undefined;
}

function isTrue(text: string | undefined): boolean {
  if (text === undefined || text === '' || text === '0' || text === 'false') return false;
  if (text === '1' || text === 'true') return true;
  throw failure('bad-value', 'UNLEAK_TRUST_TARGET_CONFIG', undefined, 'must be true or false');
}

function configLayer({ config, ambient, operatorFiles }: CollectInput): Layer | undefined {
  const variable = ambient.env['UNLEAK_CONFIG'];
  const path = config ?? (variable === '' ? undefined : variable);
  if (path === undefined) return undefined;
  const full = resolve(ambient.cwd, path);
  const layer = operatorLayer('config', full, ambient, operatorFiles);
  if (layer !== undefined) return layer;
  throw failure(
    'not-found',
    config === undefined ? 'UNLEAK_CONFIG' : '--config',
    undefined,
    `there is no file ${shownPath(full, ambient)}`,
  );
}

function userLayer({ ambient, operatorFiles }: CollectInput): Layer | undefined {
  const directories = userDirectories(ambient);
  return directories === undefined
    ? undefined
    : operatorLayer('user', resolve(directories.config, 'config.yaml'), ambient, operatorFiles);
}

/** Variables of the scripts in `ci/`, and of our tests. */
const OF_OTHERS = ['UNLEAK_CI_', 'UNLEAK_TEST_'];

/** What was given and has no effect, one line each. */
export function warnings({ ambient, ...input }: CollectInput): readonly string[] {
  const known: readonly string[] = [...SETTINGS.map(({ env }) => env), ...OTHER_VARIABLES];
  const unknown = Object.keys(ambient.env).filter(
    (name) => name.startsWith('UNLEAK_') && !OF_OTHERS.some((start) => name.startsWith(start)) && !known.includes(name),
  );
  const out = unknown.sort().map((name) => {
    const near = nearest(name, known);
    return `${name} is no variable of unleak${near === undefined ? '' : `: did you mean ${near}?`}`;
  });
  if (
    input.target?.kind === 'fetched' &&
    trustedTarget({ ambient, ...input }) === undefined &&
    hasConfig(input.target.files)
  ) {
    out.push('the configuration and the ignore files of the target were not read: --trust-target-config would');
  }
  return out;
}

function hasConfig(files: ConfigFiles): boolean {
  return [...CONFIG_FILES, ...IGNORE_FILES.map(([, name]) => name)].some((name) => files.readText(name) !== undefined);
}
