/** What can go wrong with git, or with a repository, for reasons that lie in the input or on the machine. */
export type GitErrorCode =
  | 'git-not-found'
  | 'git-too-old'
  | 'git-failed'
  | 'aborted'
  | 'not-a-repository'
  | 'unsupported-format'
  | 'unresolvable'
  | 'refused-url'
  | 'clone-failed';

/** `message` is one line without control characters and holds no credential of a URL. */
export class GitError extends Error {
  readonly code: GitErrorCode;
  /** git was ended from outside, so its output may be cut off anywhere; where it gives up by itself it is not. */
  readonly wasKilled: boolean;

  constructor(code: GitErrorCode, message: string, options?: ErrorOptions & { readonly wasKilled?: boolean }) {
    super(oneLine(message), options);
    this.name = 'GitError';
    this.code = code;
    this.wasKilled = options?.wasKilled ?? false;
  }
}

/** True for the errors that say that there is no git to be used; others may pass. */
export function isAbsence(error: unknown): boolean {
  return error instanceof GitError && (error.code === 'git-not-found' || error.code === 'git-too-old');
}

/** Output of git may carry names from a repository: nothing in it may drive a terminal. At most 500 characters. */
export function oneLine(text: string): string {
  let out = '';
  for (const character of text.trim()) {
    const code = character.codePointAt(0) ?? 0;
    out += code < 0x20 || (code >= 0x7f && code < 0xa0) ? ' ' : character;
    if (out.length >= 500) return `${out}…`;
  }
  return out;
}
