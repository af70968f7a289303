/**
 * The one comment in a pull request. It is about credentials, not about lines: one that was deleted again stays in it
 * as long as a commit of the pull request holds it, and what was found once is named when it is gone.
 */
import { createHash } from 'node:crypto';
import { isCredentialId, plural, presence } from '@unleak/core';
import type { Context } from '../types.ts';
import { acceptMarkdown } from './accept.ts';
import { code, idCode, link } from './markdown.ts';
import type { Outcome } from './options.ts';
import { tables } from './tables.ts';
import { commitUrl, runUrl } from './urls.ts';
import { scannedCommit } from './words.ts';

/** GitHub refuses a longer one. */
export const MAX_COMMENT = 65_536;
const MAX_TABLE = 40_000;
const MAX_LOW_TABLE = 6_000;
const MAX_ACCEPT = 10_000;
const MAX_EARLIER = 100;

/** Hidden first line. Two uses of the action, in other workflows or jobs, have comments of their own. */
export function commentMarker({ workflow, job }: Pick<Context, 'workflow' | 'job'>): string {
  const key = createHash('sha256')
    .update(JSON.stringify([workflow, job]))
    .digest('hex')
    .slice(0, 16);
  return `<!-- unleak:comment ${key} -->`;
}

export function hasMarker(body: string, marker: string): boolean {
  return body.startsWith(marker);
}

export interface CommentInput {
  readonly outcome: Outcome;
  readonly context: Context;
  /** Names that may be mentioned, without `@`. */
  readonly notify: readonly string[];
  readonly gitleaks: boolean;
  /** The comment as it is; undefined when there is none. */
  readonly earlier: string | undefined;
}

/** Markdown of at most `MAX_COMMENT` characters; undefined when there is nothing to say and never was. */
export function commentBody(input: CommentInput): string | undefined {
  const { outcome, context, notify, gitleaks, earlier } = input;
  const { report, plan } = outcome;
  const limits = { shown: MAX_TABLE, low: MAX_LOW_TABLE };
  const { shown, parts } = tables(outcome, { context, author: false, limits, leftOut });
  if (earlier === undefined && shown.length === 0) return undefined;
  const known = earlier === undefined ? [] : idsIn(earlier);
  const present = new Set(report.findings.map(({ id }) => id));
  const accept = report.findings.length === 0 ? '' : acceptMarkdown(report, gitleaks);
  return [
    commentMarker(context),
    `## ${headline(outcome, shown.length)}\n`,
    ...(report.summary.complete ? [] : ['**The scan is incomplete**: what could not be scanned may hold more.\n']),
    ...(shown.length === 0 ? [] : [advice(outcome)]),
    ...parts,
    ...gone(
      known.filter((id) => !present.has(id)),
      outcome,
    ),
    accept.length <= MAX_ACCEPT ? accept : acceptMarkdown(report, false),
    ...(notify.length === 0 ? [] : [`cc ${notify.map((name) => `@${name}`).join(' ')}\n`]),
    `<sub>${link(runUrl(context), 'Run')} for ${link(commitUrl(context, scannedCommit(context, plan)), code(scannedCommit(context, plan).slice(0, 10)))}. This comment is kept up to date.</sub>`,
    idsMarker([...new Set([...shown.map(({ id }) => id), ...known])]),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function headline({ report }: Outcome, shown: number): string {
  if (shown > 0) return `🔑 ${plural(shown, 'credential')} in this pull request`;
  return report.summary.complete
    ? '✅ No credential is left in this pull request'
    : 'No credential was found, but the scan is incomplete';
}

function advice({ report }: Outcome): string {
  const removed = report.findings.some((finding) => presence(finding) === 'removed');
  return `Revoke first, then take it out: whoever can read this repository has what was pushed. ${
    removed ? 'Some were removed from the head already; that revoked nothing. ' : ''
  }\n`;
}

function leftOut(count: number): string {
  return `\n**${plural(count, 'more credential')} had no room here: see the summary of the run.**\n`;
}

/** What an earlier run found and this one does not. */
function gone(ids: readonly string[], { report }: Outcome): readonly string[] {
  if (ids.length === 0 || !report.summary.complete) return [];
  const accepted = new Set(report.suppressed.map(({ id }) => id));
  const list = (some: readonly string[]): string => some.map(idCode).join(', ');
  const off = ids.filter((id) => !accepted.has(id));
  const on = ids.filter((id) => accepted.has(id));
  return [
    ...(off.length === 0
      ? []
      : [
          `Found earlier, and in no commit of this pull request any more: ${list(off)}. They were pushed, so make sure that they were revoked.\n`,
        ]),
    ...(on.length === 0 ? [] : [`Found earlier, and accepted since: ${list(on)}.\n`]),
  ];
}

const IDS = /<!-- unleak:ids ([a-z0-9_ ]*) -->\s*$/;

function idsMarker(ids: readonly string[]): string {
  return `<!-- unleak:ids ${ids.slice(0, MAX_EARLIER).join(' ')} -->`;
}

/** The credentials that a comment of ours was about. */
function idsIn(body: string): readonly string[] {
  return (IDS.exec(body)?.[1] ?? '').split(' ').filter(isCredentialId).slice(0, MAX_EARLIER);
}
