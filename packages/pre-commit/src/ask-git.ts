/** How the installed git is asked: the library starts no process itself. */
import { HookInstallError } from './install/install-error.ts';

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs git in the folder that hooks are asked for, or that one of them runs in, with these arguments and no shell. Resolves whatever git's exit code
 * is. @throws when git cannot be started
 */
export type AskGit = (args: readonly string[]) => Promise<GitAnswer>;

/** The first line of what git complained of, without its `fatal: `. */
export function complaint({ code, stderr }: GitAnswer): string {
  const [first = ''] = stderr.trim().split('\n');
  return first === '' ? `git ended with ${code}` : first.replace(/^(?:fatal|error): /, '');
}

/** Asks for one path. @throws HookInstallError */
export async function askPath(git: AskGit, args: readonly string[]): Promise<string> {
  const answer = await git(args);
  if (answer.code !== 0) throw new HookInstallError(`git says: ${complaint(answer)}`);
  return onePath(answer);
}

/** The one path that git printed, which may hold line feeds itself. */
export function onePath({ stdout }: GitAnswer): string {
  return stdout.toString('utf8').replace(/\r?\n$/, '');
}
