/**
 * Which of several hits on the same bytes stay. Three steps, no chains:
 * (a) among specific hits, and among generic ones: a hit whose secret lies within another's goes; of equal spans the
 *     better rule stays (checksum, confidence, severity, undecoded, then id);
 * (b) a specific hit of one part that is itself a part of another goes (a secret key, once its id was found with it);
 * (c) a generic hit that overlaps a specific one, or a part of it, goes.
 */
import { SpanIndex } from '../bytes/span-index.ts';
import { CONFIDENCES, SEVERITIES } from '../types/index.ts';
import type { Rule } from '../types/index.ts';
import type { RawHit } from './finish.ts';
import type { Trace } from './trace.ts';

/** Hits sorted by span; the ids of dropped hits go to `alsoMatched` of one that covers them. */
export function dedupe(hits: readonly RawHit[], trace?: Trace): readonly RawHit[] {
  const reportable = hits.filter((hit) => hit.program.rule.reportAlone);
  if (reportable.length < 2) return reportable;
  const specific = withoutParts(
    withinRank(
      reportable.filter((hit) => hit.program.rule.rank === 'specific'),
      trace,
    ),
    trace,
  );
  const generic = withinRank(
    reportable.filter((hit) => hit.program.rule.rank === 'generic'),
    trace,
  );
  const extra = new Map<RawHit, Set<string>>();
  const covered = new SpanIndex(
    specific.flatMap((hit) =>
      [hit.span, ...Object.values(hit.parts).map((part) => part.span)].map((span) => ({ span, value: hit })),
    ),
  );
  const keptGeneric = generic.filter((hit) => {
    const by = covered.overlapping(hit.span)[0]?.value;
    if (by === undefined) return true;
    addIds(extra, by, hit.program.rule.id, ...hit.alsoMatched);
    trace?.({
      rule: hit.program.rule.id,
      at: hit.span,
      gate: 'dedupe',
      passed: false,
      detail: `${by.program.rule.id} found it`,
    });
    return false;
  });
  const keptSpecific = specific.map((hit) => addMatched(hit, extra.get(hit)));
  return [...keptSpecific, ...keptGeneric].sort(compareHits);
}

function withinRank(hits: readonly RawHit[], trace: Trace | undefined): RawHit[] {
  // Longest first at each start: a hit can lie only within one that stands before it in this order.
  const sorted = [...hits].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end || compareRules(a, b));
  const kept: RawHit[] = [];
  const extra = new Map<RawHit, Set<string>>();
  let reach: RawHit | undefined;
  for (const hit of sorted) {
    if (reach !== undefined && hit.span.end <= reach.span.end) {
      if (hit.program.rule.id !== reach.program.rule.id) {
        addIds(extra, reach, hit.program.rule.id);
        trace?.({
          rule: hit.program.rule.id,
          at: hit.span,
          gate: 'dedupe',
          passed: false,
          detail: `${reach.program.rule.id} found it`,
        });
      }
      continue;
    }
    kept.push(hit);
    reach = hit;
  }
  return kept.map((hit) => addMatched(hit, extra.get(hit)));
}

function withoutParts(hits: readonly RawHit[], trace: Trace | undefined): readonly RawHit[] {
  const parts = new SpanIndex(
    hits.flatMap((hit) => Object.values(hit.parts).map((part) => ({ span: part.span, value: hit }))),
  );
  const extra = new Map<RawHit, Set<string>>();
  const kept = hits.filter((hit) => {
    if (hit.program.companions.length > 0) return true;
    const by = parts
      .overlapping(hit.span)
      .find(
        ({ span, value }) =>
          value !== hit &&
          value.program.companions.length > 0 &&
          span.start <= hit.span.start &&
          hit.span.end <= span.end,
      )?.value;
    if (by === undefined) return true;
    addIds(extra, by, hit.program.rule.id, ...hit.alsoMatched);
    trace?.({
      rule: hit.program.rule.id,
      at: hit.span,
      gate: 'dedupe',
      passed: false,
      detail: `it is a part of what ${by.program.rule.id} found`,
    });
    return false;
  });
  return kept.map((hit) => addMatched(hit, extra.get(hit)));
}

function addIds(extra: Map<RawHit, Set<string>>, hit: RawHit, ...ids: readonly string[]): void {
  const known = extra.get(hit);
  if (known === undefined) extra.set(hit, new Set(ids));
  else for (const id of ids) known.add(id);
}

function addMatched(hit: RawHit, ids: ReadonlySet<string> | undefined): RawHit {
  if (ids === undefined) return hit;
  const all = new Set([...hit.alsoMatched, ...ids]);
  all.delete(hit.program.rule.id);
  return { ...hit, alsoMatched: [...all].sort() };
}

function compareRules(a: RawHit, b: RawHit): number {
  return (
    preference(a.program.rule) - preference(b.program.rule) ||
    a.decoded.length - b.decoded.length ||
    Object.keys(b.parts).length - Object.keys(a.parts).length ||
    (a.program.rule.id < b.program.rule.id ? -1 : a.program.rule.id > b.program.rule.id ? 1 : 0)
  );
}

/** Smaller is better. */
function preference(rule: Pick<Rule, 'checksum' | 'confidence' | 'severity'>): number {
  return (
    (rule.checksum === undefined ? 100 : 0) +
    CONFIDENCES.indexOf(rule.confidence) * 10 +
    SEVERITIES.indexOf(rule.severity)
  );
}

function compareHits(a: RawHit, b: RawHit): number {
  return a.span.start - b.span.start || a.span.end - b.span.end || compareRules(a, b);
}
