/** Takes hooks away again, and leaves everything as it was before. */
import { readdir, rmdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { complaint, type AskGit } from '../ask-git.ts';
import { checkTaking, putHook, readHook, takeHook, type TakenHook } from './hook-file.ts';
import { HOOK_NAMES, OTHER_HOOKS, type HookName } from './hook-names.ts';
import { passThrough } from './hook-script.ts';
import { HookInstallError } from './install-error.ts';
import { isSame, ownHooks, scans, type InstallRequest } from './install-hooks.ts';
import { findRepository, findUserHooksPath } from './where-hooks-lie.ts';

export type UninstallRequest = Omit<InstallRequest, 'program' | 'command'>;

export interface Uninstalled {
  readonly hooks: readonly (TakenHook & { readonly hook: HookName })[];
  /** Sentences about what is still there. */
  readonly notes: readonly string[];
}

/** @throws HookInstallError, and errors of the file system */
export async function uninstallFromRepository(request: UninstallRequest): Promise<Uninstalled> {
  const repository = await findRepository(request.git, request.cwd);
  const { folder, run } = await ownHooks(repository, request.userFolder);
  // Before core.hooksPath was set, hooks may have been installed where git now does not look.
  const further: HookName[] = [];
  if (folder !== repository.own)
    for (const hook of request.hooks) if (await scans(join(repository.own, hook))) further.push(hook);
  await check(
    request,
    request.hooks.map((hook) => join(folder, hook)),
  );
  await check(
    request,
    further.map((hook) => join(repository.own, hook)),
  );
  const hooks = [...(await take(request, folder))];
  for (const hook of further) hooks.push({ hook, ...(await takeHook(repository.own, hook, request.force)) });
  return {
    hooks,
    notes:
      run === 'passedOn'
        ? ['what is installed for all your repositories still runs here: uninstall-hook --global']
        : [],
  };
}

/** Throws as `uninstallFromRepository`. */
export async function uninstallForUser(request: UninstallRequest): Promise<Uninstalled> {
  const { user } = await findUserHooksPath(request.git);
  const folder = user === undefined || !isAbsolute(user) ? request.userFolder : user;
  await check(
    request,
    request.hooks.map((hook) => join(folder, hook)),
  );
  if (!(await isSame(folder, request.userFolder))) return { hooks: await take(request, folder), notes: [] };

  const hooks: (TakenHook & { readonly hook: HookName })[] = [];
  for (const hook of request.hooks) {
    const path = join(folder, hook);
    const passesOn = (await readHook(path)).kind === 'ours' && !(await scans(path));
    hooks.push({
      hook,
      ...(passesOn ? { outcome: 'absent', path, restored: false } : await takeHook(folder, hook, request.force)),
    });
  }
  if ((await oursIn(folder)).length > 0) {
    // The other one stays, so the folder still has to pass on what was taken.
    const writing = { overwrite: request.force, windows: request.platform === 'win32' };
    for (const { hook, outcome, restored } of hooks)
      if (outcome === 'removed' && !restored) await putHook(folder, hook, passThrough(hook), writing);
    return { hooks, notes: [] };
  }
  if (user !== undefined && isAbsolute(user)) await unsetHooksPath(request.git);
  for (const hook of [...OTHER_HOOKS, ...HOOK_NAMES])
    if ((await readHook(join(folder, hook))).kind === 'ours') await takeHook(folder, hook, false);
  const left = await readdir(folder).catch(() => []);
  if (left.length === 0) await rmdir(folder).catch(() => undefined);
  return {
    hooks,
    notes:
      left.length === 0
        ? []
        : [`${folder} still holds what is not of unleak (${left.length}): git does not look there any more`],
  };
}

/** @throws HookInstallError */
async function unsetHooksPath(git: AskGit): Promise<void> {
  const answer = await git(['config', '--global', '--unset-all', 'core.hooksPath']);
  if (answer.code !== 0)
    throw new HookInstallError(
      `core.hooksPath cannot be taken out of your configuration; git says: ${complaint(answer)} (git config --show-origin core.hooksPath tells where it stands)`,
    );
}

/** Before any is taken away, so that all are left as they are if one cannot be. @throws HookInstallError */
async function check(request: UninstallRequest, paths: readonly string[]): Promise<void> {
  for (const path of paths) await checkTaking(path, request.force);
}

async function take(request: UninstallRequest, folder: string): Promise<Uninstalled['hooks']> {
  const done: (TakenHook & { readonly hook: HookName })[] = [];
  for (const hook of request.hooks) done.push({ hook, ...(await takeHook(folder, hook, request.force)) });
  return done;
}

/** Hooks of ours that look for credentials, also such as somebody has edited. */
async function oursIn(folder: string): Promise<readonly string[]> {
  const paths = HOOK_NAMES.map((hook) => join(folder, hook));
  const found = await Promise.all(paths.map((path) => scans(path)));
  return paths.filter((_, i) => found[i] === true);
}
