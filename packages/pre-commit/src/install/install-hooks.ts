/** Installs hooks in one repository, or for all repositories of a user. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { complaint, type AskGit } from '../ask-git.ts';
import { putHook, readHook, type PutHook } from './hook-file.ts';
import { HOOK_NAMES, OTHER_HOOKS, type HookName } from './hook-names.ts';
import { futureOwner, hookOwner } from './hook-owners.ts';
import { hookScript, passThrough, type Program } from './hook-script.ts';
import { HookInstallError } from './install-error.ts';
import { findRepository, findUserHooksPath, type Repository } from './where-hooks-lie.ts';

export interface InstallRequest {
  readonly hooks: readonly HookName[];
  readonly program: Program;
  /** Also where another tool manages the hooks or somebody has edited ours, as far as that makes sense. */
  readonly force: boolean;
  readonly git: AskGit;
  /** Where git is asked; absolute. */
  readonly cwd: string;
  /** The folder that stands for the hooks of all repositories once `installForUser` has made it; absolute. */
  readonly userFolder: string;
  readonly platform: NodeJS.Platform;
}

export type InstalledHook =
  | (PutHook & { readonly hook: HookName })
  /** Nothing was done: the hook for all repositories runs here, too. */
  | { readonly hook: HookName; readonly outcome: 'covered'; readonly path: string };

export interface Installed {
  readonly hooks: readonly InstalledHook[];
  /** Sentences about what the operator may not expect. */
  readonly notes: readonly string[];
}

/** @throws HookInstallError, and errors of the file system */
export async function installInRepository(request: InstallRequest): Promise<Installed> {
  const repository = await findRepository(request.git, request.cwd);
  const { folder, run } = await ownHooks(repository, request.userFolder);
  if (run === 'not') throw notRun(repository);
  const done: InstalledHook[] = [];
  for (const hook of request.hooks) {
    const covering = resolve(request.userFolder, hook);
    if (run === 'passedOn' && (await scans(covering))) done.push({ hook, outcome: 'covered', path: covering });
    else {
      await yieldToOwner(request, repository, folder, hook);
      done.push({ hook, ...(await putScript(request, folder, hook, 'repository')) });
    }
  }
  const future = done.some(({ outcome }) => outcome === 'installed') ? futureOwner(repository.top) : undefined;
  return { hooks: done, notes: future === undefined ? [] : [future] };
}

/**
 * Installs into the folder that `core.hooksPath` of the user's configuration names; if it names none, into
 * `userFolder`, which is then set there. Throws as `installInRepository`.
 */
export async function installForUser(request: InstallRequest): Promise<Installed> {
  const { user, system } = await findUserHooksPath(request.git);
  if (user === undefined && system !== undefined)
    throw new HookInstallError(
      `core.hooksPath of this machine's configuration is ${system}: one of your own would put an end to the hooks there, so install unleak in the repositories, or ask whoever set it`,
    );
  if (user !== undefined && !isAbsolute(user))
    throw new HookInstallError(
      `core.hooksPath of your configuration is ${user}, a folder in each repository: install unleak in the repositories`,
    );
  const folder = user ?? request.userFolder;
  const isOurs = await isSame(folder, request.userFolder);
  const done: InstalledHook[] = [];
  for (const hook of request.hooks) {
    const isNew = !(await scans(resolve(folder, hook)));
    const put = await putScript(request, folder, hook, isOurs ? 'user' : 'repository');
    // One of ours that only passed on has given way.
    done.push({ hook, ...put, outcome: isNew ? 'installed' : put.outcome });
  }
  if (!isOurs)
    return {
      hooks: done,
      notes: [`core.hooksPath of your configuration is ${folder}: as before, git runs the hooks in there alone`],
    };
  const others = [...OTHER_HOOKS, ...HOOK_NAMES.filter((name) => !request.hooks.includes(name))];
  for (const hook of others) {
    const state = await readHook(resolve(folder, hook));
    // The other hook of ours that scans stays one.
    if (state.kind === 'absent' || (state.kind === 'ours' && OTHER_HOOKS.includes(hook)))
      await putHook(folder, hook, passThrough(hook), writing(request));
  }
  if (user === undefined) {
    const answer = await request.git(['config', '--global', 'core.hooksPath', folder]);
    if (answer.code !== 0)
      throw new HookInstallError(`core.hooksPath cannot be set in your configuration; git says: ${complaint(answer)}`);
  }
  return {
    hooks: done,
    notes: [
      'it runs in every repository but those with a core.hooksPath of their own, as husky sets it; hooks of a repository itself run as before',
    ],
  };
}

async function putScript(
  request: InstallRequest,
  folder: string,
  hook: HookName,
  scope: 'repository' | 'user',
): Promise<PutHook> {
  const { node, script } = request.program;
  // The sh of Git for Windows reads both kinds of slash, but a backslash also as the beginning of something else.
  const slashed = (path: string): string => (request.platform === 'win32' ? path.replaceAll('\\', '/') : path);
  const program = { node: slashed(node), script: slashed(script) };
  return await putHook(folder, hook, hookScript({ hook, program, scope }), writing(request));
}

function writing({ force, platform }: InstallRequest): { overwrite: boolean; windows: boolean } {
  return { overwrite: force, windows: platform === 'win32' };
}

/** Whether a hook of ours looks for credentials, and does not only pass on. */
export async function scans(path: string): Promise<boolean> {
  const state = await readHook(path);
  return (state.kind === 'ours' || state.kind === 'edited') && /^unleak=/m.test(state.text);
}

/** The hooks of this repository, and of no other one. */
export interface OwnHooks {
  readonly folder: string;
  /** `passedOn`: by the folder that `installForUser` has made. `not`: by nothing, while core.hooksPath is set. */
  readonly run: 'by git' | 'passedOn' | 'not';
}

export async function ownHooks({ own, hooksPath }: Repository, userFolder: string): Promise<OwnHooks> {
  if (hooksPath === undefined) return { folder: own, run: 'by git' };
  // A relative path names another folder in each repository, wherever it is set.
  if (hooksPath.scope === 'repository' || !isAbsolute(hooksPath.value))
    return { folder: hooksPath.folder, run: 'by git' };
  return { folder: own, run: (await isSame(hooksPath.folder, userFolder)) ? 'passedOn' : 'not' };
}

function notRun({ hooksPath }: Repository): HookInstallError {
  const folder = hooksPath?.folder ?? '';
  return new HookInstallError(
    hooksPath?.scope === 'user'
      ? `core.hooksPath of your configuration is ${folder}, so git runs no hooks of the repository itself: --global installs the hook there, for all repositories`
      : `core.hooksPath is set to ${folder} for more than this repository, so git runs no hooks of the repository itself (git config --show-origin core.hooksPath tells where)`,
  );
}

/** @throws HookInstallError with what to write into the other tool's configuration */
async function yieldToOwner(
  { git, force }: InstallRequest,
  { top, own }: Repository,
  folder: string,
  hook: HookName,
): Promise<void> {
  const state = await readHook(resolve(folder, hook));
  if (state.kind === 'ours') return;
  const owner = hookOwner({
    folder,
    hook,
    text: state.kind === 'foreign' ? state.text : '',
    isCommitted: folder !== own && (await isCommitted(git, top, folder)),
  });
  if (owner === undefined || (force && !owner.rewrites)) return;
  const still = owner.rewrites
    ? 'A hook beside it would not last.'
    : '--force installs the hook all the same, and keeps theirs.';
  throw new HookInstallError(
    [
      `hooks in ${folder} are managed by ${owner.name}: ${owner.advice(hook)[0] ?? ''}`,
      ...owner.advice(hook).slice(1),
      still,
    ].join('\n'),
  );
}

async function isCommitted(git: AskGit, top: string, folder: string): Promise<boolean> {
  const [realTop, realFolder] = await Promise.all([real(top), real(folder)]);
  const inside = relative(realTop, realFolder);
  if (inside === '' || inside.startsWith('..') || resolve(realTop, inside) !== realFolder) return false;
  const answer = await git([
    '-C',
    realTop,
    '-c',
    'core.fsmonitor=false',
    '--literal-pathspecs',
    'ls-files',
    '-z',
    '--',
    inside,
  ]);
  return answer.code === 0 && answer.stdout.length > 0;
}

export async function isSame(a: string, b: string): Promise<boolean> {
  return a === b || (await real(a)) === (await real(b));
}

async function real(path: string): Promise<string> {
  return await realpath(path).catch(() => resolve(path));
}
