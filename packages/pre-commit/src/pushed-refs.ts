/**
 * What a push is about to send, as git tells its pre-push hook: one line on standard input for each ref. The pre-commit
 * framework reads that itself and tells the same in variables.
 */

/** A ref that the push creates or changes. Object ids are hex, lower case. */
export interface PushedRef {
  /** Name here: `refs/heads/main`, or whatever was named, such as `HEAD~1`. */
  readonly localName: string;
  /** What the remote gets. */
  readonly localOid: string;
  readonly remoteName: string;
  /** What the remote has under that name; undefined where it has nothing. */
  readonly remoteOid: string | undefined;
}

export interface PushedRefs {
  /** Without deletions, which send nothing. */
  readonly refs: readonly PushedRef[];
  readonly deletions: number;
}

export class PushedRefsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PushedRefsError';
  }
}

const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Standard input of a pre-push hook.
 * @throws PushedRefsError for anything else
 */
export function parsePushedRefs(input: Uint8Array): PushedRefs {
  if (input.length > MAX_BYTES) throw new PushedRefsError('standard input is too long for a list of refs');
  const lines = new TextDecoder().decode(input).split('\n');
  const refs: PushedRef[] = [];
  let deletions = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    // A name holds no blank, but what stands for it on a command line may: `HEAD@{one day ago}`.
    const parts = line.trimEnd().split(' ');
    const [remoteOid = '', remoteName = '', localOid = ''] = parts.toReversed();
    const localName = parts.slice(0, -3).join(' ');
    if (parts.length < 4 || !OID.test(localOid) || !OID.test(remoteOid))
      throw new PushedRefsError(
        `line ${index + 1} of standard input is not what git tells a pre-push hook: <local ref> <local id> <remote ref> <remote id>`,
      );
    if (isZero(localOid)) deletions += 1;
    else refs.push({ localName, localOid, remoteName, remoteOid: isZero(remoteOid) ? undefined : remoteOid });
  }
  return { refs, deletions };
}

/** What the pre-commit framework puts into the environment. */
export interface FrameworkPush extends PushedRefs {
  readonly remote: string | undefined;
  readonly url: string | undefined;
}

/**
 * Undefined where the framework does not run a push. Its older releases call the ends SOURCE (what the remote has) and
 * ORIGIN (what is pushed).
 * @throws PushedRefsError
 */
export function pushOfFramework(env: Readonly<Record<string, string | undefined>>): FrameworkPush | undefined {
  const to = env['PRE_COMMIT_TO_REF'] ?? env['PRE_COMMIT_ORIGIN'];
  const from = env['PRE_COMMIT_FROM_REF'] ?? env['PRE_COMMIT_SOURCE'];
  if (to === undefined || to === '') return undefined;
  const localName = env['PRE_COMMIT_LOCAL_BRANCH'] ?? to;
  const remoteName = env['PRE_COMMIT_REMOTE_BRANCH'] ?? localName;
  for (const end of [to, from ?? ''])
    if (end !== '' && !OID.test(end))
      throw new PushedRefsError('PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF must be commit ids');
  const pushed = isZero(to)
    ? { refs: [], deletions: 1 }
    : {
        refs: [
          { localName, localOid: to, remoteName, remoteOid: from === undefined || isZero(from) ? undefined : from },
        ],
        deletions: 0,
      };
  return { ...pushed, remote: env['PRE_COMMIT_REMOTE_NAME'], url: env['PRE_COMMIT_REMOTE_URL'] };
}

function isZero(oid: string): boolean {
  return /^0*$/.test(oid);
}
