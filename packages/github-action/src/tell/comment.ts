import type { Github } from '../github/client.ts';
import { GithubError } from '../github/error.ts';
import type { Context, Notice, PullRequest } from '../types.ts';
import { commentBody, commentMarker, hasMarker } from './comment-body.ts';
import type { Outcome } from './options.ts';

/** Who writes with the token of a workflow. */
const WORKFLOW_LOGIN = 'github-actions[bot]';
const MAX_NAMES = 20;

export interface CommentTask {
  readonly outcome: Outcome;
  readonly context: Context;
  readonly pullRequest: PullRequest;
  readonly notify: readonly string[];
  readonly gitleaks: boolean;
}

/** Writes the comment, or brings it up to date. @throws GithubError */
export async function writeComment(github: Github, task: CommentTask): Promise<readonly Notice[]> {
  const { context, pullRequest, outcome, gitleaks } = task;
  const { names, notices } = mentionable(task.notify);
  const marker = commentMarker(context);
  const marked = (await github.comments(context.repository, pullRequest.number)).filter(({ body }) =>
    hasMarker(body, marker),
  );
  // Anybody can write the marker; only a comment of our own is ours to change.
  const login = marked.length === 0 ? undefined : await ownLogin(github);
  const earlier = marked.find(({ author }) => author !== undefined && author === login);
  const body = commentBody({ outcome, context, notify: names, gitleaks, earlier: earlier?.body });
  if (body === undefined) return notices;
  if (earlier === undefined) await github.createComment(context.repository, pullRequest.number, body);
  else if (earlier.body !== body) await github.updateComment(context.repository, earlier.id, body);
  return notices;
}

async function ownLogin(github: Github): Promise<string> {
  try {
    return await github.login();
  } catch (error) {
    if (error instanceof GithubError && (error.code === 'permission' || error.code === 'not-found')) {
      return WORKFLOW_LOGIN;
    }
    throw error;
  }
}

/** Names that GitHub can have given to users (`octocat`) and teams (`acme/security`). */
function mentionable(notify: readonly string[]): {
  readonly names: readonly string[];
  readonly notices: readonly Notice[];
} {
  const asked = [...new Set(notify.map((name) => name.trim().replace(/^@/, '')).filter((name) => name !== ''))];
  const good = asked.filter((name) =>
    /^[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?$/.test(name),
  );
  const names = good.slice(0, MAX_NAMES);
  const left = asked.length - names.length;
  return {
    names,
    notices:
      left === 0
        ? []
        : [
            {
              level: 'warning',
              text: `${left} of the users to notify ${left === 1 ? 'is' : 'are'} not mentioned: at most ${MAX_NAMES}, by names of users or teams`,
            },
          ],
  };
}
