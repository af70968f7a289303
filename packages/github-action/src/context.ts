/** Where the action runs: read once from the runner's environment. */
import { readFileSync, statSync } from 'node:fs';
import * as v from 'valibot';
import { EventError, readEvent, type Event } from './event.ts';
import type { Environment, Inputs } from './inputs.ts';
import type { Context } from './types.ts';

const MAX_PAYLOAD = 64 << 20;

const Web = v.pipe(v.string(), v.url(), v.regex(/^(?:https?|file):/));
const Runner = v.object({
  GITHUB_REPOSITORY: v.pipe(v.string(), v.regex(/^[^/\s]+\/[^/\s]+$/)),
  GITHUB_API_URL: v.optional(Web, 'https://api.github.com'),
  GITHUB_SERVER_URL: v.optional(Web, 'https://github.com'),
  GITHUB_EVENT_NAME: v.pipe(v.string(), v.nonEmpty()),
  GITHUB_EVENT_PATH: v.pipe(v.string(), v.nonEmpty()),
  GITHUB_SHA: v.pipe(v.string(), v.regex(/^[0-9a-f]{40,64}$/)),
  GITHUB_REF: v.optional(v.string(), ''),
  GITHUB_WORKFLOW: v.optional(v.string(), ''),
  GITHUB_JOB: v.optional(v.string(), ''),
  GITHUB_RUN_ID: v.optional(v.string(), ''),
  GITHUB_RUN_ATTEMPT: v.optional(v.string(), '1'),
});

/** Not started as a step of a workflow. One line. */
export class ContextError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ContextError';
  }
}

/** @throws ContextError, EventError */
export function readContext(
  env: Environment,
  { token, path }: Pick<Inputs, 'token' | 'path'>,
): { readonly context: Context; readonly event: Event } {
  const parsed = v.safeParse(Runner, env);
  if (!parsed.success) {
    const name = v.getDotPath(parsed.issues[0]) ?? '';
    const state = env[name] === undefined ? 'is not set' : 'is not what a runner sets';
    throw new ContextError(`${name} ${state}: this program runs as a step of a GitHub Actions workflow`);
  }
  const runner = parsed.output;
  const [owner = '', name = ''] = runner.GITHUB_REPOSITORY.split('/');
  return {
    context: {
      repository: { owner, name },
      apiUrl: withoutSlash(runner.GITHUB_API_URL),
      serverUrl: withoutSlash(runner.GITHUB_SERVER_URL),
      workspace: path,
      event: runner.GITHUB_EVENT_NAME,
      sha: runner.GITHUB_SHA,
      ref: runner.GITHUB_REF,
      workflow: runner.GITHUB_WORKFLOW,
      job: runner.GITHUB_JOB,
      runId: runner.GITHUB_RUN_ID,
      runAttempt: runner.GITHUB_RUN_ATTEMPT,
      token,
    },
    event: readEvent(runner.GITHUB_EVENT_NAME, readPayload(runner.GITHUB_EVENT_PATH)),
  };
}

function readPayload(path: string): string {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new ContextError('GITHUB_EVENT_PATH names no file');
    if (stats.size > MAX_PAYLOAD) throw new EventError('the payload of the event is larger than 64 MiB');
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof EventError || error instanceof ContextError) throw error;
    throw new ContextError('the file that GITHUB_EVENT_PATH names cannot be read');
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
