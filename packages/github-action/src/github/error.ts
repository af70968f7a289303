/**
 * - `no-token`: a call was wanted and there is no token. `permission`: the token is not accepted, or may not do this.
 * - `not-found`: not there, or hidden from the token. `rate-limited`: GitHub asks to wait for longer than we would.
 * - `unreachable`: no answer, in time or at all, or none that GitHub gives. `invalid`: GitHub refuses what was sent.
 */
export type GithubErrorCode = 'no-token' | 'permission' | 'not-found' | 'rate-limited' | 'unreachable' | 'invalid';

/** Why a call to GitHub's API failed: one line for people, which never holds the token. */
export class GithubError extends Error {
  readonly code: GithubErrorCode;
  /** As it is written below `permissions:` of a workflow: `pull-requests: write`. */
  readonly permission: string | undefined;

  constructor(code: GithubErrorCode, message: string, permission?: string) {
    super(message);
    this.name = 'GithubError';
    this.code = code;
    this.permission = permission;
  }
}
