/** What the fake GitHub knows. Tests set it up, and look at it afterwards. */

export type Access = 'read' | 'write' | 'none';

export interface Token {
  readonly value: string;
  /** As below `permissions:` of a workflow. */
  readonly permissions: {
    readonly contents: Access;
    readonly pullRequests: Access;
    readonly securityEvents: Access;
  };
  /** Who it speaks for. */
  readonly login: string;
}

export interface StoredComment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly author: string;
  updates: number;
}

export interface StoredSarif {
  readonly ref: string;
  readonly commit: string;
  readonly tool: string | undefined;
  /** Unpacked. */
  readonly sarif: string;
}

/** What goes wrong with the next calls of an operation (`issues/create-comment`; `*`: of any). */
export interface Fault {
  readonly operation: string;
  /**
   * `hang`: no answer ever. `drop`: the connection is closed. `redirect`: to another host. `moved`: to the same call here,
   * as for a repository that was renamed. `garbage`: 200 with a page.
   * `errors`: GraphQL's refusal, with status 200.
   * `secondary`, `primary`: the two rate limits. A number: that status with a message.
   */
  readonly kind: 'hang' | 'drop' | 'redirect' | 'moved' | 'garbage' | 'errors' | 'secondary' | 'primary' | number;
  readonly times: number;
  /** In seconds, for rate limits. */
  readonly retryAfter?: number;
}

export interface FakeState {
  readonly owner: string;
  readonly name: string;
  defaultBranch: string;
  readonly token: Token;
  readonly comments: StoredComment[];
  readonly sarifs: StoredSarif[];
  /** Numbers of issues and pull requests that there are. */
  readonly issues: readonly number[];
  /** By `base...head`. */
  readonly comparisons: Readonly<Record<string, { readonly mergeBase: string; readonly aheadBy: number }>>;
  readonly codeScanning: boolean;
  readonly faults: readonly Fault[];
}

export function fakeState(overrides: Partial<FakeState> = {}): FakeState {
  return {
    owner: 'acme',
    name: 'shop',
    defaultBranch: 'main',
    token: workflowToken(),
    comments: [],
    sarifs: [],
    issues: [7],
    comparisons: {},
    codeScanning: true,
    faults: [],
    ...overrides,
  };
}

/** The token of a job; with other permissions than those that the job has to have. */
export function workflowToken(permissions: Partial<Token['permissions']> = {}): Token {
  return {
    value: ['ghs', 'fake', 'workflow', 'token'].join('-'),
    permissions: { contents: 'read', pullRequests: 'write', securityEvents: 'write', ...permissions },
    login: 'github-actions[bot]',
  };
}

/** What a run for a fork's pull request has. */
export function forkToken(): Token {
  return workflowToken({ pullRequests: 'read', securityEvents: 'read' });
}

export function storedComment(fields: Partial<StoredComment> & { readonly id: number }): StoredComment {
  return { issue: 7, body: `comment ${fields.id}`, author: 'octocat', updates: 0, ...fields };
}
