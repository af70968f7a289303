import { neutralise } from '@unleak/core';
import { GithubError } from './error.ts';

/** What was tried, for the sentence "cannot …", and what the token needs for it. */
export interface Call {
  readonly what: string;
  readonly permission: string | undefined;
}

/** What of an error of the client library is read; all of it may be missing. */
interface Failure {
  readonly status: number | undefined;
  readonly message: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** GraphQL says no with status 200. */
  readonly refused: boolean;
  /** Whether a server answered at all. */
  readonly answered: boolean;
}

const MAX_SAID = 200;

/** `clean` takes out what may not be told. */
export function toGithubError(
  error: unknown,
  { what, permission }: Call,
  clean: (text: string) => string,
): GithubError {
  const failure = read(error);
  const { status, headers, answered } = failure;
  const said = clip(clean(neutralise(failure.message)));
  if (!answered) return new GithubError('unreachable', `cannot ${what}: ${said === '' ? 'no answer' : said}`);
  if (isRateLimit(failure)) {
    const until = resetText(headers['x-ratelimit-reset']);
    return new GithubError('rate-limited', `cannot ${what}: GitHub allows no more calls for now${until}`);
  }
  if (failure.refused) return new GithubError('permission', `cannot ${what}: GitHub refuses the question`, permission);
  switch (status) {
    case 401:
      return new GithubError('permission', `cannot ${what}: GitHub does not accept the token (401)`, permission);
    case 403:
      return forbidden(said, what, permission);
    case 404: {
      const hidden = permission === undefined ? '' : `, or the token may not see it (it needs "${permission}")`;
      return new GithubError(
        'not-found',
        `cannot ${what}: GitHub says that it is not there (404)${hidden}`,
        permission,
      );
    }
    default:
      return status !== undefined && status >= 400 && status < 500
        ? new GithubError('invalid', `cannot ${what}: GitHub refuses it (${status}): ${said}`)
        : new GithubError('unreachable', `cannot ${what}: GitHub answers with an error (${status ?? 'no status'})`);
  }
}

function forbidden(said: string, what: string, permission: string | undefined): GithubError {
  // Code scanning that is not switched on answers with 403, too; no permission helps then.
  if (/Advanced Security|code scanning is not enabled|Code Security/i.test(said)) {
    return new GithubError('permission', `cannot ${what}: it is not enabled for this repository (403): ${said}`);
  }
  // Locked, archived, single sign-on: GitHub says best what it is.
  if (permission === undefined || !/not accessible by/i.test(said)) {
    return new GithubError('permission', `cannot ${what}: GitHub forbids it (403): ${said}`);
  }
  const where = /personal access token/i.test(said)
    ? 'give it to that token'
    : 'add it below "permissions:" of the job';
  return new GithubError(
    'permission',
    `cannot ${what}: the token lacks the permission "${permission}" (403); ${where}`,
    permission,
  );
}

function isRateLimit({ status, refused, message, headers }: Failure): boolean {
  if (status === 429) return true;
  if (refused) return /\brate limit\b/i.test(message);
  return status === 403 && (headers['x-ratelimit-remaining'] === '0' || /\brate limit\b/i.test(message));
}

function resetText(reset: unknown): string {
  const seconds = Number(reset);
  if (!Number.isInteger(seconds) || seconds <= 0 || seconds > 1e11) return '';
  return ` (until ${new Date(seconds * 1000).toISOString().slice(11, 16)} UTC)`;
}

function read(error: unknown): Failure {
  if (!(error instanceof Error))
    return { status: undefined, message: '', headers: {}, refused: false, answered: false };
  const { status, response } = error as Error & { status?: unknown; response?: { headers?: unknown } };
  return {
    status: typeof status === 'number' ? status : undefined,
    message: error.message,
    headers: (response?.headers ?? {}) as Record<string, unknown>,
    refused: error.name === 'GraphqlResponseError',
    answered: response !== undefined,
  };
}

function clip(text: string): string {
  return text.length <= MAX_SAID ? text : `${text.slice(0, MAX_SAID)}…`;
}
