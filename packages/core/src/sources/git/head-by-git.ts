/** HEAD as git tells it: for repositories whose refs are no files. */
import { type GitDoor, git } from './door.ts';
import { isOid } from './oid.ts';

/** The commit that HEAD leads to; undefined where its branch is not born yet. */
export async function headOidByGit(door: GitDoor, signal: AbortSignal): Promise<string | undefined> {
  const oid = await ask(door, ['rev-parse', '--verify', '--quiet', 'HEAD'], signal);
  return isOid(oid, door.hash) ? oid : undefined;
}

/** The full name of the ref that HEAD is; undefined where it is detached. */
export async function headBranchByGit(door: GitDoor, signal: AbortSignal): Promise<string | undefined> {
  return (await ask(door, ['symbolic-ref', '--quiet', 'HEAD'], signal)) || undefined;
}

/** Empty where git has no answer. */
async function ask(door: GitDoor, args: readonly string[], signal: AbortSignal): Promise<string> {
  const answer = await git(door, args, { signal }).catch(() => undefined);
  return new TextDecoder().decode(answer).trim();
}
