/** What is pushed, and where to: from git's standard input and arguments, or from the pre-commit framework. */
import { isatty } from 'node:tty';
import { ownCommand, parsePushedRefs, pushOfFramework, PushedRefsError } from '@unleak/pre-commit';
import type { TargetMode } from '@unleak/core';
import type { Io } from '../io.ts';
import { operatorsGit } from '../operators-git.ts';
import { UsageError } from '../usage-error.ts';

type Pushed = NonNullable<Extract<TargetMode, { kind: 'range' }>['pushed']>;

/** Undefined where nothing is sent. @throws UsageError */
export async function readPush([remote, url]: readonly string[], io: Io): Promise<Pushed | undefined> {
  try {
    const framework = pushOfFramework(io.env);
    if (framework === undefined && isatty(0))
      throw new UsageError(
        `git tells this hook on standard input what is pushed; by hand: ${ownCommand(io).typed} scan --since COMMIT`,
      );
    const { refs, deletions } = framework ?? parsePushedRefs(await io.readStdin());
    if (framework === undefined && refs.length === 0 && deletions === 0) await tellOfNothing(remote, io);
    if (refs.length === 0) return undefined;
    return {
      heads: refs.map(({ localName, localOid }) => ({ name: localName, rev: localOid })),
      has: refs.flatMap(({ remoteOid }) => (remoteOid === undefined ? [] : [remoteOid])),
      remote: framework?.remote ?? remote ?? framework?.url ?? url ?? '',
    };
  } catch (error) {
    if (error instanceof PushedRefsError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * git itself names nothing when the remote has everything already, and also when it refuses the push. Where HEAD has
 * commits that the remote is not known to have, it is more likely that whatever runs this hook kept the list to itself:
 * then each push would pass unseen.
 */
async function tellOfNothing(remote: string | undefined, io: Io): Promise<void> {
  const known = remote !== undefined && /^[A-Za-z0-9][\w.-]*$/.test(remote) ? `--remotes=${remote}` : '--remotes';
  const git = await operatorsGit(io.cwd, false, io);
  const answer = await git(['rev-list', '--max-count=1', 'HEAD', '--not', known]);
  if (answer.code === 0 && answer.stdout.length > 0)
    await io.stderr.write(
      'unleak: nothing was scanned: standard input names nothing that is pushed. If something is, have what runs this hook pass on what git says there (in lefthook.yml: use_stdin: true)\n',
    );
}
