/**
 * Tells people what a scan came to, in the places that were asked for: annotations, the job's summary, a comment in the
 * pull request, a SARIF file, code scanning, an artifact. Nothing of it changes the result of the scan: what cannot be
 * told somewhere becomes a notice, and is told elsewhere.
 */
import { grouped, neutralise, sortReport } from '@unleak/core';
import type { Github } from '../github/client.ts';
import { GithubError } from '../github/error.ts';
import type { Context, Notice, Plan } from '../types.ts';
import { annotations, SHOWN_BY_GITHUB, type Annotations, type Room } from './annotations.ts';
import { annotationCommand } from './command.ts';
import { writeComment } from './comment.ts';
import type { Outcome, TellIo, TellOptions } from './options.ts';
import { sarifFile, sarifUpload, uploadPlace } from './sarif.ts';
import { summaryMarkdown } from './summary.ts';

export type { Outcome, TellIo, TellOptions } from './options.ts';

const COMMENT = 'comment on the pull request';
const UPLOAD = 'upload SARIF to code scanning';

/** How many notices may arise while telling, at most: room that annotations leave. */
const OWN_NOTICES = 6;

/**
 * Never throws. The notices of the outcome, and those that arise here, are written as commands and into the summary;
 * those that arose here are given back. `github` is undefined where there is no token.
 */
export async function tell(
  outcome: Outcome,
  context: Context,
  options: TellOptions,
  github: Github | undefined,
  io: TellIo,
): Promise<readonly Notice[]> {
  const sorted = { ...outcome, report: sortReport(outcome.report) };
  const notices: Notice[] = [];
  const attempt = async (what: string, run: () => Promise<readonly Notice[]>): Promise<boolean> => {
    try {
      notices.push(...(await run()));
      return true;
    } catch (error) {
      notices.push({ level: 'warning', text: failureText(error, what, outcome.plan) });
      return false;
    }
  };

  const annotated = options.annotations ? annotations(sorted, roomFor(outcome.notices)) : NONE;
  for (const command of annotated.commands) io.command(command);
  if (options.sarif !== undefined) {
    const path = options.sarif;
    await attempt('write the SARIF file', async () => {
      await io.writeFile(path, await sarifFile(sorted.report, outcome.plan, options.gitleaks));
      return [];
    });
  }
  const isCommentMissing = !(await attempt(COMMENT, () => comment(sorted, context, options, github)));
  await attempt(UPLOAD, () => upload(sorted, context, options, github));
  await attempt('upload the artifact', async () => {
    if (options.artifact === undefined || options.sarif === undefined) return [];
    await io.uploadArtifact(options.artifact, options.sarif);
    return [];
  });
  // What could not be said in the comment is said there, also where no summary was asked for.
  if (options.summary || isCommentMissing) {
    await attempt("write the job's summary", async () => {
      const markdown = summaryMarkdown({
        outcome: sorted,
        context,
        notices: [...outcome.notices, ...notices],
        notAnnotated: options.annotations ? annotated.left : 0,
        gitleaks: options.gitleaks,
      });
      await io.appendSummary?.(markdown);
      return [];
    });
  }
  for (const { level, text } of [...outcome.notices, ...notices]) io.command(annotationCommand(level, text, 'unleak'));
  return notices;
}

const NONE: Annotations = { commands: [], left: 0 };

/** Notices are annotations, too. */
function roomFor(notices: readonly Notice[]): Room {
  const count = (level: Notice['level']): number =>
    Math.max(0, SHOWN_BY_GITHUB - notices.filter((notice) => notice.level === level).length);
  return {
    error: count('error'),
    warning: Math.max(0, count('warning') - OWN_NOTICES),
    notice: count('notice'),
  };
}

async function comment(
  outcome: Outcome,
  context: Context,
  { comment: wanted, notify, gitleaks }: TellOptions,
  github: Github | undefined,
): Promise<readonly Notice[]> {
  const { plan } = outcome;
  if (!wanted || plan.scan !== 'changes' || plan.pullRequest === undefined) return [];
  return await writeComment(withToken(github, COMMENT, 'pull-requests: write'), {
    outcome,
    context,
    pullRequest: plan.pullRequest,
    notify,
    gitleaks,
  });
}

async function upload(
  { report, plan, head }: Outcome,
  context: Context,
  { uploadSarif: wanted }: TellOptions,
  github: Github | undefined,
): Promise<readonly Notice[]> {
  if (!wanted || plan.scan === 'nothing') return [];
  const place = uploadPlace(plan, context);
  if (place === undefined) return [notUploaded(NEWEST_ONLY)];
  // The checkout of a workflow for pull requests of others may be at their commits, under the name of the base branch.
  if (plan.scan === 'history' && head !== undefined && head !== context.sha) {
    return [notUploaded('the checkout is at another commit than the one that the workflow runs on')];
  }
  const { sarif, left } = await sarifUpload(report, plan);
  const upload = { ...place, sarif, toolName: report.tool.name };
  await withToken(github, UPLOAD, 'security-events: write').uploadSarif(context.repository, upload);
  return left === 0
    ? []
    : [
        {
          level: 'warning',
          text: `code scanning takes no more than a part of the findings: ${grouped(left)} of ${grouped(report.findings.length)} were not uploaded, the least grave ones`,
        },
      ];
}

const NEWEST_ONLY =
  'a run that scans only what was pushed would close the alerts of earlier pushes; upload from pull requests and from runs with "scan: history"';

function notUploaded(why: string): Notice {
  return { level: 'notice', text: `nothing was uploaded to code scanning: ${why}` };
}

/** @throws GithubError without a token */
function withToken(github: Github | undefined, what: string, permission: string): Github {
  if (github !== undefined) return github;
  throw new GithubError('no-token', `cannot ${what}: there is no token (input "token")`, permission);
}

function failureText(error: unknown, what: string, plan: Plan): string {
  if (!(error instanceof Error)) return `could not ${what}`;
  if (!(error instanceof GithubError)) return `could not ${what}: ${neutralise(error.message).slice(0, 300)}`;
  const fork = plan.scan === 'changes' && plan.pullRequest?.fork === true;
  if (fork && (error.code === 'permission' || error.code === 'no-token' || error.code === 'not-found')) {
    return `could not ${what}: this pull request comes from a fork, whose runs have a token that can only read; see the summary of the job instead`;
  }
  return error.message;
}
