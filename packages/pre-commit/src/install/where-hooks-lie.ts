/** Where the installed git looks for the hooks of a repository. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { askPath, complaint, onePath, type AskGit } from '../ask-git.ts';
import { HookInstallError } from './install-error.ts';

export interface Repository {
  /** Top of the work tree. */
  readonly top: string;
  /** The hooks folder that the repository has by itself; linked work trees share it. */
  readonly own: string;
  readonly hooksPath: HooksPath | undefined;
}

/** The setting `core.hooksPath` that counts. */
export interface HooksPath {
  /** Absolute. */
  readonly folder: string;
  /** As it is written down. */
  readonly value: string;
  /** Who set it; `wide`: not the repository but the user, the system or the command line. */
  readonly scope: 'repository' | 'user' | 'wide';
}

/**
 * Asks git, in `cwd`, as it would decide itself: with the environment and configuration of the operator.
 * @throws HookInstallError outside a repository, in a bare one, inside `.git`
 */
export async function findRepository(git: AskGit, cwd: string): Promise<Repository> {
  const found = await git(['rev-parse', '--git-dir']);
  if (found.code !== 0) {
    const reason = complaint(found);
    throw new HookInstallError(
      reason.startsWith('not a git repository') ? `${cwd}: is in no git repository` : `${cwd}: git says: ${reason}`,
    );
  }
  const top = await git(['rev-parse', '--show-toplevel']);
  if (top.code !== 0) {
    const bare = (await git(['rev-parse', '--is-bare-repository'])).stdout.toString('utf8').trim() === 'true';
    throw new HookInstallError(
      bare
        ? `${cwd}: is a bare repository, in which nobody commits: install the hook in its clones`
        : `${cwd}: lies inside the git folder: call this in the work tree, or name it with --repo`,
    );
  }
  const common = resolve(cwd, await askPath(git, ['rev-parse', '--git-common-dir']));
  const topFolder = onePath(top);
  const values = await hooksPaths(git);
  const last = values.at(-1);
  return {
    top: topFolder,
    own: join(common, 'hooks'),
    hooksPath: last === undefined ? undefined : { ...last, folder: await folderOf(topFolder, last.value) },
  };
}

/** The `core.hooksPath` of the user's own configuration and of the system's. @throws HookInstallError */
export async function findUserHooksPath(git: AskGit): Promise<{
  readonly user: string | undefined;
  readonly system: string | undefined;
}> {
  const values = await hooksPaths(git);
  const last = (name: string): string | undefined => values.findLast(({ from }) => from === name)?.value;
  return { user: last('global'), system: last('system') };
}

type Setting = Omit<HooksPath, 'folder'> & { readonly from: string };

/** All values in the order in which git reads them: the last one counts. */
async function hooksPaths(git: AskGit): Promise<readonly Setting[]> {
  const answer = await git(['config', '--show-scope', '--type=path', '-z', '--get-all', 'core.hooksPath']);
  if (answer.code === 1) return [];
  if (answer.code !== 0) throw new HookInstallError(`core.hooksPath cannot be read; git says: ${complaint(answer)}`);
  const fields = answer.stdout.toString('utf8').split('\0');
  const settings: Setting[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [from = '', value = ''] = fields.slice(at, at + 2);
    const scope = from === 'local' || from === 'worktree' ? 'repository' : from === 'global' ? 'user' : 'wide';
    settings.push({ from, value, scope });
  }
  return settings;
}

/** Hooks run at the top of the work tree, and a relative path is meant from there. @throws HookInstallError */
async function folderOf(top: string, value: string): Promise<string> {
  const folder = resolve(top, value);
  const stats = await stat(folder).catch(() => undefined);
  if (value === '' || (stats !== undefined && !stats.isDirectory()))
    throw new HookInstallError(
      `core.hooksPath is '${value}', which is no folder: git runs no hooks here. git config --show-origin core.hooksPath tells where that is set`,
    );
  return folder;
}
