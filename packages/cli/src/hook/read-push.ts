/** What is pushed, and where to: from git's standard input and arguments, or from the pre-commit framework. */
import { isatty } from 'node:tty';
import { parsePushedRefs, pushOfFramework, PushedRefsError } from '@unleak/pre-commit';
import type { TargetMode } from '@unleak/core';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

type Pushed = NonNullable<Extract<TargetMode, { kind: 'range' }>['pushed']>;

/** Undefined where nothing is sent. @throws UsageError */
export async function readPush([remote, url]: readonly string[], io: Io): Promise<Pushed | undefined> {
  try {
    const framework = pushOfFramework(io.env);
    if (framework === undefined && isatty(0))
      throw new UsageError('git tells this hook on standard input what is pushed; by hand: unleak scan --since COMMIT');
    const { refs } = framework ?? parsePushedRefs(await io.readStdin());
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
