/**
 * A whole run: targets one after the other, what they hold judged together, one report. What every front (command line,
 * hook, action) calls.
 */
import { sortReport } from '../reports/order.ts';
import type { SuppressionEntry } from '../suppress/entry.ts';
import type { PlaceEntry } from '../suppress/gitleaks-ignore.ts';
import { SEVERITIES } from '../types/index.ts';
import type { Finding, Located, NotScanned, Report, Rule, Severity, SourceContext, Summary } from '../types/index.ts';
import type { Deadline } from './deadline.ts';
import type { Judged } from './judge.ts';
import type { MemoryOptions } from './memory/memory.ts';
import type { TextScanSettings } from './messages.ts';
import { scan } from './scan.ts';
import type { Progress, ScanResult } from './scan.ts';
import type { OpenTarget } from './target.ts';

export interface RunOptions {
  readonly tool: { readonly name: string; readonly version: string };
  readonly targets: readonly OpenTarget[];
  readonly settings: TextScanSettings;
  /** Of ignore files, baselines and the configuration. */
  readonly entries: readonly SuppressionEntry[];
  /** Of other scanners' files: resolved to credentials where that is possible. */
  readonly places: readonly PlaceEntry[];
  /** Globs: nothing is reported elsewhere. */
  readonly include: readonly string[];
  /** Globs: nothing is reported there. */
  readonly exclude: readonly string[];
  readonly minSeverity: Severity;
  /** What scans of histories know of earlier ones. Without it, everything is read. */
  readonly memory?: MemoryOptions;
  readonly workers: number;
  /** The module of a worker thread (pipeline/worker). */
  readonly workerUrl: URL;
  readonly signal: AbortSignal;
  /** Ends the scanning when the time that there was for it is over. The report says what was left. */
  readonly deadline?: Deadline;
  readonly now: () => Date;
  readonly log: SourceContext['log'];
  /** Called for each target when it is known what will be scanned. */
  readonly onPlan?: (describes: string) => void;
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Called once, before the report is made, with the secrets of its findings in clear, for a caller that has to hide them
   * where others print them. Needs `settings.carrySecrets`; the report never holds them.
   */
  readonly onSecrets?: (secrets: readonly string[]) => void;
}

/** Targets are closed by the caller, also when this throws. */
export async function run(options: RunOptions): Promise<Report> {
  const results: ScanResult[] = [];
  for (const target of options.targets) {
    results.push(await scanTarget(target, options));
    if (options.signal.aborted) break;
  }
  const located = results.flatMap((result, i) => withPrefix(result.located, options.targets[i]?.prefix ?? ''));
  const unreached = options.targets.slice(results.length).map((target): NotScanned => ({
    state: 'failed',
    reason: 'interrupted',
    where: target.name,
    detail: 'it was not begun',
  }));
  const judgement = await judged(located, options);
  options.onSecrets?.(judgement.carried);
  return report(judgement, results, unreached, options);
}

/** What is remembered holds no secrets, so a scan that shows them, or compares digests of them, reads everything. */
async function scanTarget(target: OpenTarget, options: RunOptions): Promise<ScanResult> {
  const { memory, settings } = options;
  if (memory === undefined || target.remembering === undefined || carries(settings))
    return await scan({ ...options, source: target.source });
  const source = await target.remembering(memory, settings);
  try {
    return await scan({ ...options, source });
  } finally {
    await source.close();
  }
}

function carries({ reveal, sha1, carrySecrets }: TextScanSettings): boolean {
  return reveal || sha1 || carrySecrets === true;
}

async function judged(located: readonly Located[], options: RunOptions): Promise<Judged> {
  if (located.length + options.entries.length + options.places.length === 0) return NOTHING;
  const { judge } = await import('./judge.ts');
  return await judge(located, options);
}

const NOTHING: Judged = { findings: [], suppressed: [], rules: [], expired: [], unused: [], carried: [] };

function report(
  { findings, suppressed, rules, expired, unused }: Judged,
  results: readonly ScanResult[],
  unreached: readonly NotScanned[],
  options: RunOptions,
): Report {
  const notScanned = merged([...results.flatMap((result) => result.notScanned), ...unreached]);
  const complete = !notScanned.some((event) => event.state === 'failed');
  const summary: Summary = {
    targets: results.map((result) => result.describes),
    complete,
    interrupted: options.signal.aborted,
    findings: findings.length,
    bySeverity: bySeverity(findings),
    lowConfidence: findings.filter((finding) => finding.confidence === 'low').length,
    suppressed: suppressed.length,
    texts: sum(results.map((result) => result.texts)),
    bytes: sum(results.map((result) => result.bytes)),
    excluded: countByReason(notScanned, 'excluded'),
    failed: countByReason(notScanned, 'failed'),
    facts: facts(results),
    expiredEntries: expired,
    // A scan of a part, or an incomplete one, does not know what an entry was about.
    unusedEntries: complete && options.targets.every((target) => target.whole) ? unused : [],
  };
  return sortReport({
    tool: { ...options.tool, ruleset: options.settings.ruleset.digest },
    rules: rules.map(publicRule),
    findings,
    suppressed,
    notScanned,
    summary,
    revealed: options.settings.reveal,
  });
}

/** Counts of the same thing, which each job gives for its own share, added up. */
function merged(events: readonly NotScanned[]): readonly NotScanned[] {
  const counted = new Map<string, NotScanned>();
  const single: NotScanned[] = [];
  for (const event of events) {
    if (event.count === undefined) {
      single.push(event);
      continue;
    }
    const key = JSON.stringify([event.state, event.reason, event.where, event.detail]);
    const known = counted.get(key);
    counted.set(key, known === undefined ? event : { ...known, count: (known.count ?? 0) + event.count });
  }
  return [...single, ...counted.values()];
}

function withPrefix(located: readonly Located[], prefix: string): readonly Located[] {
  if (prefix === '') return located;
  return located.map((one) =>
    one.sighting.path === ''
      ? one
      : { ...one, sighting: { ...one.sighting, path: prefix + one.sighting.path } as typeof one.sighting },
  );
}

function publicRule(rule: Rule): Report['rules'][number] {
  const { id, title, provider, providerName, kind, severity, confidence, references, tags, aliases } = rule;
  return {
    id,
    title,
    provider,
    providerName,
    kind,
    severity,
    confidence,
    references,
    tags,
    aliases,
    ...(rule.console === undefined ? {} : { console: rule.console }),
  };
}

function bySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const severity of SEVERITIES)
    counts[severity] = findings.filter((finding) => finding.severity === severity).length;
  return counts;
}

function countByReason(events: readonly NotScanned[], state: NotScanned['state']): Record<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.state === state) counts.set(event.reason, (counts.get(event.reason) ?? 0) + (event.count ?? 1));
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Facts of one target as they are; of several: numbers added, others only where all agree. */
function facts(results: readonly ScanResult[]): Record<string, string | number | boolean> {
  const merged: Record<string, string | number | boolean> = {};
  const cut = sum(results.map((result) => [...result.flags.values()].filter((flags) => flags.cut.length > 0).length));
  const capped = sum(
    results.map((result) => [...result.flags.values()].filter((flags) => flags.capped.length > 0).length),
  );
  for (const [i, result] of results.entries()) {
    for (const [name, value] of Object.entries(result.facts)) {
      const known = merged[name];
      if (i === 0 || known === undefined) merged[name] = value;
      else if (typeof known === 'number' && typeof value === 'number') merged[name] = known + value;
      else if (typeof known === 'boolean' && typeof value === 'boolean') merged[name] = known || value;
    }
  }
  if (cut > 0) merged['textsWithCutMatches'] = cut;
  if (capped > 0) merged['textsWithCappedHits'] = capped;
  return merged;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
