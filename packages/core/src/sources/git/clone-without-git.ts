/** Clones over https where git is not installed. The whole pack is held in memory while it arrives. */
import fs from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { clone } from 'isomorphic-git';
import http from 'isomorphic-git/http/node';
import type { CloneOptions } from './clone.ts';
import { GitError } from './git-error.ts';
import type { RemoteUrl } from './remote-url.ts';

/** @throws GitError `clone-failed`, or the library's errors */
export async function cloneWithoutGit(remote: RemoteUrl, path: string, options: CloneOptions): Promise<void> {
  if (remote.protocol !== 'https')
    throw new GitError('clone-failed', `git is not installed, and without it only https URLs can be cloned`);
  await mkdir(path);
  const [username = '', ...rest] = (remote.credentials ?? '').split(':').map((part) => decodeURIComponent(part));
  let wasAsked = false;
  await clone({
    fs,
    http,
    dir: path,
    gitdir: path,
    url: remote.url,
    noCheckout: true,
    singleBranch: false,
    onProgress({ phase, loaded, total }) {
      options.signal.throwIfAborted();
      options.onProgress?.(total > 0 ? `${phase} ${Math.round((loaded / total) * 100)} %` : `${phase} ${loaded}`);
    },
    onAuth() {
      // Asked again means refused.
      if (remote.credentials === undefined || wasAsked) return { cancel: true };
      wasAsked = true;
      return { username, password: rest.join(':') };
    },
  });
}
