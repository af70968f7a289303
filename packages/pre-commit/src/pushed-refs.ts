/**
 * What a push is about to send, as git tells its pre-push hook: one line on standard input for each ref. The pre-commit
 * framework reads that itself and tells the same in variables.
 */

/** A ref that the push creates or changes. */
export interface PushedRef {
  /** Name here: `refs/heads/main`, or whatever was named, such as `HEAD~1`. */
  readonly localName: string;
  /** Id of what the remote gets; from the pre-commit framework perhaps a name of it. */
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
 * Undefined where the framework does not run this. It tells of one ref alone, and of one that begins a history not even
 * its ids; by hand (`pre-commit run --hook-stage pre-push`) it tells nothing, and then HEAD is meant.
 * @throws PushedRefsError
 */
export function pushOfFramework(env: Readonly<Record<string, string | undefined>>): FrameworkPush | undefined {
  if (env['PRE_COMMIT'] !== '1') return undefined;
  const said = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const from = said('PRE_COMMIT_FROM_REF');
  const localName = said('PRE_COMMIT_LOCAL_BRANCH') ?? 'HEAD';
  const localOid = said('PRE_COMMIT_TO_REF') ?? localName;
  const ref = {
    localName,
    localOid,
    remoteName: said('PRE_COMMIT_REMOTE_BRANCH') ?? localName,
    remoteOid: from === undefined || isZero(from) ? undefined : from,
  };
  const isDeletion = isZero(localOid);
  return {
    refs: isDeletion ? [] : [ref],
    deletions: isDeletion ? 1 : 0,
    remote: said('PRE_COMMIT_REMOTE_NAME'),
    url: said('PRE_COMMIT_REMOTE_URL'),
  };
}

function isZero(oid: string): boolean {
  return /^0*$/.test(oid);
}
