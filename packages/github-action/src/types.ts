/** The words that the parts of the action share; no code. */

/** Where the action runs, read once from the runner's environment and the event payload. */
export interface Context {
  readonly repository: { readonly owner: string; readonly name: string };
  /** Without a slash at the end; differ from github.com's on GitHub Enterprise Server. */
  readonly apiUrl: string;
  readonly serverUrl: string;
  /** The checkout: an absolute path. */
  readonly workspace: string;
  readonly event: string;
  /** The commit that the workflow runs on: of a pull request, the merge commit that GitHub made. */
  readonly sha: string;
  /** `refs/heads/…`, `refs/tags/…`, `refs/pull/N/merge`. */
  readonly ref: string;
  readonly workflow: string;
  readonly job: string;
  readonly runId: string;
  readonly runAttempt: string;
  readonly token: string | undefined;
}

export interface PullRequest {
  readonly number: number;
  readonly baseSha: string;
  readonly headSha: string;
  /** The head lies in another repository: the token can only read, and there are no secrets. */
  readonly fork: boolean;
}

/** Something that people have to be told, beside findings: what could not be done, and what would make it work. */
export interface Notice {
  readonly level: 'notice' | 'warning' | 'error';
  readonly text: string;
}

/** What the event asks to be scanned. */
export type Plan =
  | {
      readonly scan: 'changes';
      /** Commits that `head` reaches and `base` does not; without `base`, those that the default branch does not have. */
      readonly base: string | undefined;
      readonly head: string;
      readonly pullRequest: PullRequest | undefined;
    }
  | { readonly scan: 'history' }
  /** Nothing to scan, as for a deleted branch; `why` is told. */
  | { readonly scan: 'nothing'; readonly why: string };
