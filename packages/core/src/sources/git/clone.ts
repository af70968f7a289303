/**
 * Clones a remote repository into a temporary directory: bare, every ref, no submodules, no templates or hooks. git runs
 * with the operator's own configuration, which knows how to log in; transports other than the URL's own kind are closed.
 */
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import type { Ambient } from '../ambient.ts';
import { makeTemporary } from '../temporary.ts';
import { detect, type Repository } from './detect.ts';
import { GitError, oneLine } from './git-error.ts';
import { gitIsThere } from './place.ts';
import { forGit, parseRemoteUrl, type RemoteUrl, withoutCredentials } from './remote-url.ts';

export interface CloneOptions {
  readonly signal: AbortSignal;
  /** Told how far it has come, such as `receiving 40 %`. */
  readonly onProgress?: (message: string) => void;
}

export interface ClonedRepository {
  readonly repository: Repository;
  /** The URL without credentials. */
  readonly url: string;
  /** Removes the clone. Safe to call twice. */
  close(): Promise<void>;
}

/** @throws GitError `refused-url`, `clone-failed`, `aborted` */
export async function cloneRepository(url: string, ambient: Ambient, options: CloneOptions): Promise<ClonedRepository> {
  const remote = parseRemoteUrl(url);
  const temporary = await makeTemporary(ambient, 'clone');
  try {
    const path = join(temporary.path, 'repository.git');
    if (await gitIsThere(ambient)) await cloneWithGit(remote, path, temporary.path, ambient, options);
    else await (await import('./clone-without-git.ts')).cloneWithoutGit(remote, path, options);
    const repository = await detect(path);
    if (repository.kind !== 'repository')
      throw new GitError('clone-failed', `${remote.url} did not become a repository`);
    return { repository, url: remote.url, close: () => temporary.remove() };
  } catch (error) {
    await temporary.remove();
    throw asGitError(error, remote, options.signal);
  }
}

async function cloneWithGit(
  remote: RemoteUrl,
  path: string,
  home: string,
  ambient: Ambient,
  options: CloneOptions,
): Promise<void> {
  const env = cloneEnvironment(remote, ambient);
  const git = simpleGit({
    baseDir: home,
    abort: options.signal,
    // What follows is the operator's environment and our own arguments; the URL was judged above.
    allowEnvironment: Object.keys(env),
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeExec: true,
      allowUnsafeGitProxy: true,
      allowUnsafeSshCommand: true,
      allowUnsafeTemplateDir: true,
      allowUnsafeUrlRewrite: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeProtocolOverride: true,
    },
    progress: ({ stage, progress }) => options.onProgress?.(`${stage} ${progress} %`),
  });
  await git.env(env).clone(remote.url, path, ['--mirror', '--template=', '--no-local']);
}

/** Variables that name a repository, print what goes over the wire, or start programs for a person to look at. */
const DROPPED = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_TEMPLATE_DIR',
  'GIT_EXTERNAL_DIFF',
  'GIT_SHALLOW_FILE',
  'GIT_GRAFT_FILE',
  'GIT_REPLACE_REF_BASE',
  'GIT_CURL_VERBOSE',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'EDITOR',
  'VISUAL',
  'PAGER',
  'GIT_EDITOR',
  'GIT_PAGER',
  'GIT_SEQUENCE_EDITOR',
  'PREFIX',
];

export function cloneEnvironment(remote: RemoteUrl, ambient: Ambient): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(ambient.env)) {
    const key = name.toUpperCase();
    if (value !== undefined && !DROPPED.includes(key) && !key.startsWith('GIT_TRACE')) env[name] = value;
  }
  env['GIT_ALLOW_PROTOCOL'] = remote.protocol === 'file' ? 'https:ssh:file' : 'https:ssh';
  env['GIT_TERMINAL_PROMPT'] = '0';
  env['LC_ALL'] = 'C';
  return remote.credentials === undefined ? env : withRewrite(env, remote);
}

/** Makes git put the credentials back into the URL: arguments can be read by every user of the machine, this cannot. */
function withRewrite(env: Record<string, string>, remote: RemoteUrl): Record<string, string> {
  const count = Number(env['GIT_CONFIG_COUNT'] ?? '0') || 0;
  const full = remote.url.replace('https://', `https://${forGit(remote.credentials ?? '')}@`);
  return {
    ...env,
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: `url.${full}.insteadOf`,
    [`GIT_CONFIG_VALUE_${count}`]: remote.url,
  };
}

function asGitError(error: unknown, remote: RemoteUrl, signal: AbortSignal): GitError {
  if (signal.aborted) return new GitError('aborted', 'the clone was interrupted');
  const message = withoutFolder(error instanceof Error ? error.message : String(error));
  const code = error instanceof GitError && error.code === 'refused-url' ? 'refused-url' : 'clone-failed';
  // Without the cause: it holds the command and its environment.
  return new GitError(code, oneLine(withoutCredentials(message, remote)));
}

/** Without what git says first, the folder that it clones into: nobody knows that one. */
function withoutFolder(message: string): string {
  const at = message.indexOf('Cloning into ');
  const end = message.indexOf("'...", at);
  return at < 0 || end < 0 ? message : message.slice(0, at) + message.slice(end + 4).trimStart();
}
