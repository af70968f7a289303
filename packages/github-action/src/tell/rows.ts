/** The table of credentials that summary and comment have. */
import type { Finding } from '@unleak/core';
import type { Context, Plan } from '../types.ts';
import { code, idCode, link, plain, tableHead, tableRow } from './markdown.ts';
import { adviceText, firstCommitMarkdown, revokeUrl, scannedCommit, statusText, whereMarkdown } from './words.ts';

export interface Rows {
  readonly markdown: string;
  readonly left: readonly Finding[];
}

export interface RowOptions {
  readonly context: Context;
  readonly plan: Plan;
  /** What HEAD was. */
  readonly head: string | undefined;
  readonly author: boolean;
  /** In bytes of UTF-8, of the whole table. */
  readonly limit: number;
}

const TITLES = ['Severity', 'Credential', 'Where', 'First commit', 'Status', 'What to do', 'Id'];

const encoder = new TextEncoder();

/** As many rows as there is room for; findings that are left out are given back. */
export function rows(findings: readonly Finding[], options: RowOptions): Rows {
  if (findings.length === 0) return { markdown: '', left: [] };
  let markdown = tableHead(TITLES);
  let length = markdown.length;
  for (const [at, finding] of findings.entries()) {
    const next = row(finding, options);
    length += encoder.encode(next).length;
    if (length > options.limit) return { markdown: at === 0 ? '' : markdown, left: findings.slice(at) };
    markdown += next;
  }
  return { markdown, left: [] };
}

function row(finding: Finding, { context, plan, head, author }: RowOptions): string {
  const revoke = revokeUrl(finding);
  const certainty = finding.confidence === 'high' ? '' : ` (${finding.confidence} confidence)`;
  return tableRow([
    `${finding.severity}${certainty}`,
    `${plain(finding.title)} ${code(finding.secret, 60)}`,
    whereMarkdown(finding, context, scannedCommit(context, plan, head)),
    firstCommitMarkdown(finding, context, author),
    plain(statusText(finding, plan)),
    plain(adviceText(finding), 500) + (revoke === undefined ? '' : ` ${link(revoke, 'Where to revoke it')}`),
    idCode(finding.id),
  ]);
}
