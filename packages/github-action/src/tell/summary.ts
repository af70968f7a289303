/** The summary of the job: everything that was found, as far as GitHub takes it, and whether that is everything. */
import { grouped, plural, type Report } from '@unleak/core';
import type { Context, Notice } from '../types.ts';
import { acceptMarkdown } from './accept.ts';
import { code, plain, sentence } from './markdown.ts';
import type { Outcome } from './options.ts';
import { tables } from './tables.ts';

/** GitHub takes 1 MiB from one step and drops all of it when there is more; another part of the step may write, too. */
export const MAX_SUMMARY = 1_000_000;
const MAX_TABLE = 850_000;
const MAX_LOW_TABLE = 80_000;
const MAX_FAILED = 20;

export interface SummaryInput {
  readonly outcome: Outcome;
  readonly context: Context;
  /** All of them, those of the outcome as well. */
  readonly notices: readonly Notice[];
  /** Findings that are not annotated, where annotations were asked for. */
  readonly notAnnotated: number;
  readonly gitleaks: boolean;
}

/** Markdown of at most `MAX_SUMMARY` bytes. */
export function summaryMarkdown({ outcome, context, notices, notAnnotated, gitleaks }: SummaryInput): string {
  const { report } = outcome;
  const limits = { shown: MAX_TABLE, low: MAX_LOW_TABLE };
  const { shown, parts } = tables(outcome, { context, author: true, limits, leftOut });
  return [
    `## unleak: ${headline(report, shown.length)}\n`,
    ...incomplete(report),
    ...scanned(outcome),
    ...verdict(outcome),
    ...notices.map((notice) => `- **${notice.level}**: ${sentence(notice.text)}\n`),
    ...parts,
    ...(notAnnotated > 0 && report.findings.length > 0
      ? [`GitHub shows few annotations for a step: ${plural(notAnnotated, 'finding')} had no room among them.\n`]
      : []),
    ...notCounted(report),
    ...(report.findings.length === 0 ? [] : [acceptMarkdown(report, gitleaks)]),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function headline(report: Report, shown: number): string {
  if (shown > 0) return `${plural(shown, 'credential')} found`;
  return report.summary.complete ? 'no credentials found' : 'nothing found, but the scan is incomplete';
}

function incomplete({ summary, notScanned }: Report): readonly string[] {
  if (summary.complete && !summary.interrupted) return [];
  const failed = notScanned.filter((event) => event.state === 'failed');
  const counted = Object.values(summary.failed).reduce((sum, count) => sum + count, 0);
  const list = failed
    .slice(0, MAX_FAILED)
    .map(
      ({ reason, where, detail }) =>
        `- ${plain(reason)}: ${code(where)}${detail === undefined ? '' : ` (${plain(detail)})`}\n`,
    );
  const more = Math.max(counted, failed.length) - list.length;
  return [
    `> [!WARNING]\n> **The scan is ${summary.interrupted ? 'interrupted' : 'incomplete'}**: what could not be scanned may hold more.\n`,
    list.join('') + (more > 0 ? `- and ${grouped(more)} more\n` : ''),
  ];
}

function scanned({ plan, report: { summary } }: Outcome): readonly string[] {
  if (plan.scan === 'nothing') return [`Nothing to scan: ${plain(plan.why)}\n`];
  const targets = summary.targets.map((target) => plain(target)).join('; ');
  return [`Scanned: ${targets} (${plural(summary.texts, 'text')}).\n`];
}

function verdict({ failing, fails, report: { findings, summary } }: Outcome): readonly string[] {
  const count = findings.filter((finding) => fails(finding)).length;
  if (failing && count > 0) return [`The check fails because of ${plural(count, 'finding')}.\n`];
  if (failing && !summary.complete) return ['The check fails because the scan is incomplete.\n'];
  return !failing && findings.length > 0 ? ['None of this fails the check.\n'] : [];
}

function leftOut(count: number): string {
  return `\n**${plural(count, 'more credential')} ${count === 1 ? 'is' : 'are'} not shown here, since there is no more room.**\n`;
}

/** What was found and does not count, and what was not looked at. */
function notCounted({ suppressed, summary }: Report): readonly string[] {
  const by = new Map<string, number>();
  for (const { suppressed: note } of suppressed) by.set(note.by, (by.get(note.by) ?? 0) + 1);
  const excluded = Object.entries(summary.excluded).filter(([, count]) => count > 0);
  return [
    ...(by.size === 0
      ? []
      : [
          `Accepted before, not counted: ${plural(suppressed.length, 'credential')} (${Array.from(by, ([name, count]) => `${name} ${grouped(count)}`).join(', ')}).\n`,
        ]),
    ...(excluded.length === 0
      ? []
      : [
          `Not scanned by policy: ${excluded.map(([reason, count]) => `${plain(reason)} ${grouped(count)}`).join(', ')}.\n`,
        ]),
  ];
}
