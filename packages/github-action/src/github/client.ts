/** GitHub's REST API: the calls that the action makes, and no others. */
import { gzipSync } from 'node:zlib';
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import * as v from 'valibot';
import { guardedFetch } from './guarded-fetch.ts';
import { GithubError } from './error.ts';
import { toGithubError, type Call } from './to-github-error.ts';

export interface Repository {
  readonly owner: string;
  readonly name: string;
}

export interface Comment {
  readonly id: number;
  readonly body: string;
  /** Login of who wrote it; undefined for an account that is gone. */
  readonly author: string | undefined;
}

export interface SarifUpload {
  readonly sarif: string | Uint8Array;
  /** `refs/heads/…`, `refs/tags/…` or `refs/pull/N/…`. */
  readonly ref: string;
  readonly commit: string;
  readonly toolName: string;
}

export interface Comparison {
  /** The commit from which the two went apart. */
  readonly mergeBase: string;
  /** How many commits the head has that the base does not have. */
  readonly aheadBy: number;
}

/** Every method throws GithubError, and nothing else. */
export interface Github {
  /** Compares two commits, or names of branches. */
  compare(repository: Repository, base: string, head: string): Promise<Comparison>;
  defaultBranch(repository: Repository): Promise<string>;
  /** Who the token speaks for; `github-actions[bot]` with the token of a workflow. */
  login(): Promise<string>;
  /** All comments in the conversation of an issue or pull request, oldest first. */
  comments(repository: Repository, number: number): Promise<readonly Comment[]>;
  createComment(repository: Repository, number: number, body: string): Promise<Comment>;
  updateComment(repository: Repository, id: number, body: string): Promise<void>;
  /** Gives the id of the upload. GitHub reads the file later: that it was taken does not say that it is good. */
  uploadSarif(repository: Repository, upload: SarifUpload): Promise<string>;
}

/** How long the client is patient; the default suits a job that somebody waits for. */
export interface Patience {
  /** For one request, in milliseconds. */
  readonly request: number;
  /** Tries again after a failure of the server, after 1, 4, 9 … times `pause` milliseconds. */
  readonly retries: number;
  readonly pause: number;
  /** The longest time in seconds that GitHub may ask to wait for (`Retry-After`, rate limits). */
  readonly wait: number;
}

export interface GithubOptions {
  /** Of the REST API, such as `https://api.github.com`. */
  readonly apiUrl: string;
  readonly token: string | undefined;
  /** For what is worth knowing when something is looked into; lines never hold the token. */
  readonly log: (line: string) => void;
  readonly fetch?: typeof fetch;
  readonly patience?: Partial<Patience>;
}

const PATIENCE: Patience = { request: 30_000, retries: 2, pause: 1000, wait: 60 };
const MAX_ANSWER = 64 << 20;
const MAX_WAITS = 2;
/** Of a hundred comments; nobody reads a conversation that is longer. */
const MAX_PAGES = 100;

const Compared = v.object({
  merge_base_commit: v.object({ sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40,64}$/)) }),
  ahead_by: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
const RepositoryAnswer = v.object({ default_branch: v.string() });
const Viewer = v.object({ viewer: v.object({ login: v.string() }) });
const CommentAnswer = v.object({
  id: v.number(),
  body: v.optional(v.string(), ''),
  user: v.nullish(v.object({ login: v.string() })),
});
const Receipt = v.object({ id: v.string() });

let clients = 0;

/** @throws GithubError `invalid` for an address that is none */
export function createGithub({ apiUrl, token, log, fetch = globalThis.fetch, patience }: GithubOptions): Github {
  const { request, retries, pause, wait } = { ...PATIENCE, ...patience };
  if (!URL.canParse(apiUrl)) throw new GithubError('invalid', "the address of GitHub's API is not a URL");
  const tell = (line: string): void => log(withoutToken(line, token));
  const mayWait = (seconds: number, _options: unknown, _octokit: unknown, waited: number): boolean => {
    const waits = seconds >= 0 && seconds <= wait && waited < MAX_WAITS;
    tell(`GitHub asks to wait for ${seconds} s: ${waits ? 'waiting' : 'that is too long'}`);
    return waits;
  };
  const octokit = new (Octokit.plugin(retry, throttling, paginateRest))({
    baseUrl: apiUrl.replace(/\/+$/, ''),
    auth: token,
    userAgent: 'unleak-action',
    log: { debug: tell, info: tell, warn: tell, error: tell },
    request: {
      fetch: guardedFetch(fetch, { origin: new URL(apiUrl).origin, timeout: request, maxBytes: MAX_ANSWER }),
      log: { warn: tell },
    },
    retry: { retries, retryAfterBaseValue: pause, doNotRetry: [400, 401, 403, 404, 410, 413, 422, 429, 451] },
    throttle: {
      // Limits are shared between clients of one id; each client has its own.
      id: `unleak-${++clients}`,
      onRateLimit: mayWait,
      onSecondaryRateLimit: mayWait,
    },
  });

  /** Makes a call and reads what is needed of the answer. */
  async function ask<S extends v.GenericSchema>(
    call: Call,
    schema: S,
    send: () => Promise<unknown>,
  ): Promise<v.InferOutput<S>> {
    if (token === undefined || token === '') {
      throw new GithubError('no-token', `cannot ${call.what}: there is no token (input "token")`, call.permission);
    }
    try {
      return v.parse(schema, await send());
    } catch (error) {
      if (v.isValiError(error)) {
        throw new GithubError('unreachable', `cannot ${call.what}: the answer is not one that GitHub gives`);
      }
      const failed =
        error instanceof GithubError ? error : toGithubError(error, call, (text) => withoutToken(text, token));
      tell(failed.message);
      throw failed;
    }
  }

  return {
    async compare({ owner, name: repo }, base, head) {
      const call = { what: 'ask GitHub for the merge base', permission: 'contents: read' };
      const answer = await ask(call, Compared, async () => {
        const basehead = `${base}...${head}`;
        // One commit a page: only the merge base is of interest.
        const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
        return (await octokit.request(route, { owner, repo, basehead, per_page: 1 })).data;
      });
      return { mergeBase: answer.merge_base_commit.sha, aheadBy: answer.ahead_by };
    },
    async defaultBranch({ owner, name: repo }) {
      const call = { what: 'ask GitHub for the default branch', permission: 'contents: read' };
      const answer = await ask(
        call,
        RepositoryAnswer,
        async () => (await octokit.request('GET /repos/{owner}/{repo}', { owner, repo })).data,
      );
      return answer.default_branch;
    },
    async login() {
      // REST has no such question for the token of a workflow.
      const call = { what: 'ask GitHub whom the token speaks for', permission: undefined };
      return (await ask(call, Viewer, () => octokit.graphql('{ viewer { login } }'))).viewer.login;
    },
    async comments({ owner, name: repo }, number) {
      const call = { what: 'read the comments of the pull request', permission: 'pull-requests: write' };
      let pages = 0;
      const answer = await ask(call, v.array(CommentAnswer), () =>
        octokit.paginate(
          'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
          { owner, repo, issue_number: number, per_page: 100 },
          ({ data }) => {
            if (++pages > MAX_PAGES)
              throw new GithubError('unreachable', `cannot ${call.what}: there is no end to them`);
            return data;
          },
        ),
      );
      return answer.map(toComment);
    },
    async createComment({ owner, name: repo }, number, body) {
      const call = { what: 'comment on the pull request', permission: 'pull-requests: write' };
      const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
      return toComment(
        await ask(
          call,
          CommentAnswer,
          async () => (await octokit.request(route, { owner, repo, issue_number: number, body })).data,
        ),
      );
    },
    async updateComment({ owner, name: repo }, id, body) {
      const call = { what: 'update the comment on the pull request', permission: 'pull-requests: write' };
      const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
      await ask(
        call,
        v.unknown(),
        async () => (await octokit.request(route, { owner, repo, comment_id: id, body })).data,
      );
    },
    async uploadSarif({ owner, name: repo }, { sarif, ref, commit, toolName }) {
      const call = { what: 'upload SARIF to code scanning', permission: 'security-events: write' };
      const answer = await ask(call, Receipt, async () => {
        const route = 'POST /repos/{owner}/{repo}/code-scanning/sarifs';
        const packed = gzipSync(sarif).toString('base64');
        return (
          await octokit.request(route, { owner, repo, commit_sha: commit, ref, sarif: packed, tool_name: toolName })
        ).data;
      });
      return answer.id;
    },
  };
}

function toComment({ id, body, user }: v.InferOutput<typeof CommentAnswer>): Comment {
  return { id, body, author: user?.login };
}

function withoutToken(text: string, token: string | undefined): string {
  return token === undefined || token === '' ? text : text.replaceAll(token, '***');
}
