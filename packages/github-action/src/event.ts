/** What the payload of an event says of commits. The payload is written by GitHub; names in it are chosen by anybody. */
import * as v from 'valibot';
import type { PullRequest } from './types.ts';

export interface Event {
  /** As `on:` of a workflow names it. */
  readonly name: string;
  readonly pullRequest: PullRequest | undefined;
  readonly push: Push | undefined;
  readonly mergeGroup: { readonly base: string; readonly head: string } | undefined;
  readonly defaultBranch: string | undefined;
}

export interface Push {
  /** Undefined for a branch or tag that is new. */
  readonly before: string | undefined;
  /** Undefined for one that was deleted. */
  readonly after: string | undefined;
  readonly forced: boolean;
}

const Oid = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));
const Side = v.object({ sha: Oid, repo: v.nullish(v.object({ full_name: v.string() })) });
const Payload = v.object({
  pull_request: v.optional(v.object({ number: v.pipe(v.number(), v.integer()), base: Side, head: Side })),
  merge_group: v.optional(v.object({ base_sha: Oid, head_sha: Oid })),
  before: v.optional(v.string()),
  after: v.optional(v.string()),
  forced: v.optional(v.boolean()),
  repository: v.optional(v.object({ default_branch: v.optional(v.string()) })),
});
const PushPayload = v.object({ before: Oid, after: Oid });

/** Not what GitHub sends. One line. */
export class EventError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EventError';
  }
}

/** `text`: the payload, JSON. @throws EventError */
export function readEvent(name: string, text: string): Event {
  const payload = v.safeParse(Payload, parse(text));
  if (!payload.success)
    throw new EventError(`the payload of the event "${name}" is not what GitHub sends: ${where(payload.issues)}`);
  const { pull_request: pull, merge_group: group, repository } = payload.output;
  return {
    name,
    pullRequest:
      pull === undefined
        ? undefined
        : {
            number: pull.number,
            baseSha: pull.base.sha,
            headSha: pull.head.sha,
            // A fork that was deleted has no repository any more.
            fork: pull.head.repo?.full_name !== pull.base.repo?.full_name,
          },
    push: name === 'push' ? pushOf(payload.output) : undefined,
    mergeGroup: group === undefined ? undefined : { base: group.base_sha, head: group.head_sha },
    defaultBranch: repository?.default_branch,
  };
}

function pushOf(payload: v.InferOutput<typeof Payload>): Push {
  const push = v.safeParse(PushPayload, payload);
  if (!push.success)
    throw new EventError(`the payload of the event "push" is not what GitHub sends: ${where(push.issues)}`);
  return { before: present(push.output.before), after: present(push.output.after), forced: payload.forced === true };
}

/** Zeros stand for what is not there. */
function present(oid: string): string | undefined {
  return /^0+$/.test(oid) ? undefined : oid;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace('\ufeff', ''));
  } catch {
    throw new EventError('the payload of the event is no JSON');
  }
}

function where(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  return `"${v.getDotPath(issues[0]) ?? ''}" is missing or malformed`;
}
