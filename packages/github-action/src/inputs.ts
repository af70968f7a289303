/**
 * What the workflow asks for, from the runner's `INPUT_…` variables; where an input is left out, from gitleaks-action's. Where these
 * switch off the summary or the comment, an input does not switch it on: the runner gives us its default like one that was written.
 */
import { isAbsolute, join, resolve } from 'node:path';
import { neutralise } from '@unleak/core';
import { INPUTS, type Input, type InputName } from './input-table.ts';
import type { Notice } from './types.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Inputs {
  readonly token: string | undefined;
  /** Undefined: as the event is. */
  readonly scan: 'changes' | 'history' | undefined;
  /** A commit or branch; undefined: as the event is. */
  readonly base: string | undefined;
  /** The checkout: absolute. */
  readonly path: string;
  /** A configuration of ours: absolute. */
  readonly config: string | undefined;
  /** A rule file, given in place of a configuration: absolute. */
  readonly rules: string | undefined;
  readonly baseline: string | undefined;
  readonly failOn: string | undefined;
  /** Whether what a pull request accepts by itself counts. */
  readonly suppressions: 'all' | 'base-only';
  readonly annotations: boolean;
  readonly summary: boolean;
  readonly comment: boolean;
  readonly notify: readonly string[];
  /** Absolute. */
  readonly sarif: string | undefined;
  readonly uploadSarif: boolean;
  readonly artifact: string | undefined;
  readonly workers: number | undefined;
  /** The workflow was written for gitleaks-action. */
  readonly gitleaks: boolean;
  readonly notices: readonly Notice[];
}

/** An input that cannot be meant: one line that names it, its value, and what is allowed. */
export class InputError extends Error {
  constructor(name: string, value: string, allowed: string) {
    const shown = neutralise(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    super(`input "${name}" is "${shown}": ${allowed}`);
    this.name = 'InputError';
  }
}

/** Variables that only gitleaks-action knows; GITHUB_TOKEN and BASE_REF others may set, too. */
const GITLEAKS = [
  'GITLEAKS_CONFIG',
  'GITLEAKS_ENABLE_COMMENTS',
  'GITLEAKS_ENABLE_SUMMARY',
  'GITLEAKS_ENABLE_UPLOAD_ARTIFACT',
  'GITLEAKS_LICENSE',
  'GITLEAKS_NOTIFY_USER_LIST',
  'GITLEAKS_VERSION',
] as const;

/** As gitleaks-action names it. */
const GITLEAKS_ARTIFACT = 'gitleaks-results.sarif';
const MAX_WORKERS = 64;
const NO_FILE_NAME = /[\0\r\n]/;

/** `workspace`: what relative paths begin at. @throws InputError */
export function readInputs(env: Environment, workspace: string): Inputs {
  const given = (name: InputName): string | undefined => nonEmpty(env[`INPUT_${name.toUpperCase()}`]?.trim());
  const gitleaks = GITLEAKS.some((name) => nonEmpty(env[name]) !== undefined);
  const path = resolve(workspace, fileName('path', given('path')) ?? '.');
  const file = (name: InputName, otherwise?: string): string | undefined => {
    const value = fileName(name, given(name) ?? otherwise);
    return value === undefined ? undefined : isAbsolute(value) ? value : join(path, value);
  };
  const config = file('config', nonEmpty(env['GITLEAKS_CONFIG']));
  const isToml = config?.toLowerCase().endsWith('.toml') === true;
  return {
    token: given('token') ?? nonEmpty(env['GITHUB_TOKEN']),
    scan: choice('scan', given('scan')),
    base: given('base') ?? firstCommit(env, gitleaks),
    path,
    config: isToml ? undefined : config,
    rules: isToml ? config : undefined,
    baseline: file('baseline'),
    failOn: choice('fail-on', given('fail-on')),
    suppressions: choice('suppressions', given('suppressions')) ?? 'all',
    annotations: truth('annotations', given('annotations')) ?? true,
    summary: isOn(env, 'GITLEAKS_ENABLE_SUMMARY') && (truth('summary', given('summary')) ?? true),
    comment: isOn(env, 'GITLEAKS_ENABLE_COMMENTS') && (truth('comment', given('comment')) ?? true),
    notify: (given('notify') ?? env['GITLEAKS_NOTIFY_USER_LIST'] ?? '').split(/[\s,]+/).filter((name) => name !== ''),
    sarif: file('sarif'),
    uploadSarif: truth('upload-sarif', given('upload-sarif')) ?? false,
    artifact:
      artifactName(given('artifact')) ??
      (gitleaks && isOn(env, 'GITLEAKS_ENABLE_UPLOAD_ARTIFACT') ? GITLEAKS_ARTIFACT : undefined),
    workers: count('workers', given('workers')),
    gitleaks,
    notices: gitleaks ? withoutEffect(env) : [],
  };
}

/** gitleaks-action scans this commit, too. */
function firstCommit(env: Environment, gitleaks: boolean): string | undefined {
  const first = nonEmpty(env['BASE_REF']);
  return first === undefined || !gitleaks ? undefined : `${first}^`;
}

function withoutEffect(env: Environment): readonly Notice[] {
  const named = ['GITLEAKS_LICENSE', 'GITLEAKS_VERSION'].filter((name) => nonEmpty(env[name]) !== undefined);
  if (named.length === 0) return [];
  const has = named.length === 1 ? 'has' : 'have';
  return [
    {
      level: 'notice',
      text: `${named.join(' and ')} ${has} no effect: this action needs no license and scans with unleak`,
    },
  ];
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

type ChoiceInput = Extract<(typeof INPUTS)[number], { readonly choices: readonly string[] }>;
type ChoiceOf<N extends ChoiceInput['name']> = Extract<ChoiceInput, { readonly name: N }>['choices'][number];

function choice<N extends ChoiceInput['name']>(name: N, value: string | undefined): ChoiceOf<N> | undefined {
  const input: Input | undefined = INPUTS.find((one) => one.name === name);
  const choices = input?.choices ?? [];
  if (value === undefined || choices.includes(value)) return value as ChoiceOf<N> | undefined;
  throw new InputError(name, value, `it must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`);
}

function truth(
  name: 'annotations' | 'summary' | 'comment' | 'upload-sarif',
  value: string | undefined,
): boolean | undefined {
  return value === undefined ? undefined : choice(name, value.toLowerCase()) === 'true';
}

/** gitleaks-action takes all but `false` and `0` for yes. */
function isOn(env: Environment, name: string): boolean {
  return env[name] !== 'false' && env[name] !== '0';
}

function count(name: InputName, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d?$/.test(value) && Number(value) <= MAX_WORKERS) return Number(value);
  throw new InputError(name, value, `it must be a whole number from 1 to ${MAX_WORKERS}`);
}

function fileName(name: InputName, value: string | undefined): string | undefined {
  if (value !== undefined && NO_FILE_NAME.test(value))
    throw new InputError(name, value, 'it must be the name of one file');
  return value;
}

/** What GitHub does not take in names of artifacts. */
function artifactName(value: string | undefined): string | undefined {
  if (value !== undefined && /["*/:<>?\\|\r\n]/.test(value))
    throw new InputError('artifact', value, 'names of artifacts hold none of " : < > | * ? \\ /');
  return value;
}
