/** What `install-hook` and `uninstall-hook` have in common: whom they ask, and how they fail. */
import { join, resolve } from 'node:path';
import { userDirectories } from '@unleak/core';
import { HOOK_NAMES, HookInstallError, type HookName, type UninstallRequest } from '@unleak/pre-commit';
import type { Io } from './io.ts';
import { operatorsGit } from './operators-git.ts';
import { configAmbient } from './session.ts';
import { systemReason } from './system-reason.ts';
import { UsageError } from './usage-error.ts';

export interface HookValues {
  readonly repo?: string;
  readonly global?: true;
  readonly 'pre-commit'?: true;
  readonly 'pre-push'?: true;
  readonly force?: true;
}

/** `byDefault`: the hooks that are meant when none is named. @throws UsageError */
export async function hookRequest(
  values: HookValues,
  byDefault: readonly HookName[],
  io: Io,
): Promise<UninstallRequest> {
  if (values.global === true && values.repo !== undefined)
    throw new UsageError('--global is for all repositories and --repo for one: give one of them');
  const directories = userDirectories(configAmbient(io));
  if (directories === undefined)
    throw new UsageError('no folder of yours is known: set HOME, or XDG_CONFIG_HOME and XDG_DATA_HOME');
  const named = HOOK_NAMES.filter((hook) => values[hook] === true);
  const cwd = resolve(io.cwd, values.repo ?? '.');
  return {
    hooks: named.length === 0 ? byDefault : named,
    force: values.force === true,
    git: await operatorsGit(cwd, values.repo !== undefined, io),
    cwd,
    userFolder: join(directories.config, 'hooks'),
    platform: io.platform,
  };
}

/** @throws UsageError for whatever the operator can do something about */
export async function withPlainErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HookInstallError) throw new UsageError(error.message);
    if (error instanceof Error && 'path' in error && typeof error.path === 'string')
      throw new UsageError(`${error.path}: ${systemReason(error)}`);
    throw error;
  }
}
