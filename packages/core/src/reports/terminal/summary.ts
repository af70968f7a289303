import { neutralise } from '../../bytes/display.ts';
import type { NotScanned } from '../../types/events.ts';
import type { SuppressionNote } from '../../types/finding.ts';
import { SEVERITIES } from '../../types/rule.ts';
import type { Entry, Report } from '../../types/report.ts';
import { grouped, plural, size } from './layout.ts';
import type { Style } from './style.ts';

const FAILED_SHOWN = 10;
const EXCLUDED_SHOWN = 3;
const ENTRIES_SHOWN = 10;

const SUPPRESSED_BY: Readonly<Record<SuppressionNote['by'], string>> = {
  inline: 'by inline comments',
  'ignore-file': 'by ignore files',
  baseline: 'by the baseline',
  config: 'by the configuration',
  rule: 'by rules',
};

export function suppressedLines(report: Report): readonly string[] {
  if (report.suppressed.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { suppressed } of report.suppressed) counts.set(suppressed.by, (counts.get(suppressed.by) ?? 0) + 1);
  const by = Object.entries(SUPPRESSED_BY).flatMap(([key, text]) => {
    const count = counts.get(key);
    return count === undefined ? [] : [`${grouped(count)} ${text}`];
  });
  return [`${plural(report.suppressed.length, 'credential')} suppressed: ${by.join(', ')}.`];
}

export function notScannedLines(report: Report, style: Style): readonly string[] {
  const failed = report.notScanned.filter((event) => event.state === 'failed');
  const excluded = report.notScanned.filter((event) => event.state === 'excluded');
  return [
    ...group('Could not be scanned', style.bad, report.summary.failed, failed, FAILED_SHOWN),
    ...group('Not scanned by policy', (text) => text, report.summary.excluded, excluded, EXCLUDED_SHOWN),
  ];
}

function group(
  title: string,
  paint: (text: string) => string,
  counts: Readonly<Record<string, number>>,
  events: readonly NotScanned[],
  limit: number,
): readonly string[] {
  const reasons = Object.entries(counts).filter(([, count]) => count > 0);
  if (reasons.length === 0 && events.length === 0) return [];
  const sum = reasons.reduce((total, [, count]) => total + count, 0);
  const shown = events.slice(0, limit).map(({ reason, where, detail, count }) => {
    const more = [detail, count !== undefined && count > 1 ? plural(count, 'object') : undefined].filter(
      (text) => text !== undefined,
    );
    return neutralise(`  ${reason}: ${where}${more.length === 0 ? '' : ` (${more.join(', ')})`}`);
  });
  const tally = reasons.map(([reason, count]) => `${reason} ${grouped(count)}`).join(', ');
  return [paint(`${title}: ${grouped(sum)} (${tally})`), ...shown, ...andMore(events.length - shown.length)];
}

export function entryLines({ summary }: Report): readonly string[] {
  return [
    ...entries('Suppressions that have expired and count no more:', summary.expiredEntries),
    ...entries('Suppressions that matched nothing:', summary.unusedEntries),
  ];
}

function entries(title: string, list: readonly Entry[]): readonly string[] {
  if (list.length === 0) return [];
  const shown = list.slice(0, ENTRIES_SHOWN).map(({ source, line, text, reason, until }) => {
    const notes = [until === undefined ? undefined : `until ${until}`, reason].filter((note) => note !== undefined);
    return neutralise(`  ${source}:${line}: ${text}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`);
  });
  return [title, ...shown, ...andMore(list.length - shown.length)];
}

function andMore(count: number): readonly string[] {
  return count > 0 ? [`  and ${grouped(count)} more`] : [];
}

/** One line: what was found, how much was read, and whether that was everything. */
export function lastLine({ summary }: Report, style: Style): string {
  const shown = summary.findings - summary.lowConfidence;
  const low = summary.lowConfidence === 0 ? '' : `, ${grouped(summary.lowConfidence)} of them of low confidence`;
  const bySeverity = SEVERITIES.flatMap((severity) =>
    summary.bySeverity[severity] > 0 ? [`${grouped(summary.bySeverity[severity])} ${severity}`] : [],
  );
  const found =
    summary.findings === 0
      ? style.good('No credentials found')
      : (shown === 0 ? style.bold : style.bad)(
          `${plural(summary.findings, 'credential')} found (${bySeverity.join(', ')})${low}`,
        );
  const known = Number(summary.facts['known'] ?? 0);
  const earlier = known === 0 ? '' : ` (${grouped(known)} of the texts by an earlier scan)`;
  const read = `${plural(summary.texts, 'text')}, ${size(summary.bytes)} scanned${earlier}`;
  if (summary.interrupted) return `${found}; ${read}; ${style.bad('interrupted: the rest was not scanned')}.`;
  return `${found}; ${read}${summary.complete ? '' : `; ${style.bad('the scan is incomplete')}`}.`;
}
