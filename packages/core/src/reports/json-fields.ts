/**
 * The published JSON of findings (docs/schema/report.schema.json). Every field is copied by name: what a type does not
 * name, such as the secret of an object that carries more than its type says, an e-mail address or a commit message,
 * cannot get in. Fields are only ever added.
 */
import type { NotScanned } from '../types/events.ts';
import type { Finding, SuppressionNote } from '../types/finding.ts';
import type { Entry, Report } from '../types/report.ts';
import type { CommitRef, Sighting } from '../types/sighting.ts';
import { advise } from './advice.ts';
import { commitOf, isPresent } from './place.ts';

type Fields = Readonly<Record<string, unknown>>;

export function findingFields(finding: Finding): Fields {
  return {
    id: finding.id,
    ruleId: finding.ruleId,
    alsoMatched: finding.alsoMatched,
    provider: finding.provider,
    providerName: finding.providerName,
    title: finding.title,
    kind: finding.kind,
    severity: finding.severity,
    confidence: finding.confidence,
    identity: finding.identity,
    fingerprint: finding.fingerprint,
    secret: finding.secret,
    secretLength: finding.secretLength,
    entropy: Math.round(finding.entropy * 1e4) / 1e4,
    name: finding.name,
    context: finding.context,
    parts: finding.parts,
    verdict: { state: finding.verdict.state },
    present: finding.sightings.some(isPresent),
    advice: advise(finding),
    sightings: finding.sightings.map(sightingFields),
    sightingCount: finding.sightingCount,
    console: finding.console,
    references: finding.references,
    tags: finding.tags,
  };
}

export function suppressedFields(finding: Finding & { readonly suppressed: SuppressionNote }): Fields {
  const { by, source, reason, owner, until } = finding.suppressed;
  return { ...findingFields(finding), suppressed: { by, source, reason, owner, until } };
}

function sightingFields(sighting: Sighting): Fields {
  const commit = commitOf(sighting);
  return {
    kind: sighting.kind,
    path: sighting.path,
    line: sighting.line,
    column: sighting.column,
    endLine: sighting.endLine,
    endColumn: sighting.endColumn,
    decoded: sighting.decoded,
    ...(commit === undefined ? {} : commitFields(commit)),
    ...ownFields(sighting),
  };
}

function ownFields(sighting: Sighting): Fields {
  switch (sighting.kind) {
    case 'git':
      return {
        inHead: sighting.inHead,
        branches: sighting.branches,
        blob: sighting.blob,
        last: sighting.last && commitFields(sighting.last),
        removed: sighting.removed && commitFields(sighting.removed),
      };
    case 'git-unreachable':
    case 'git-object':
      return { blob: sighting.blob };
    case 'tag-message':
      return { tag: sighting.tag };
    case 'staged':
      return { alreadyIn: sighting.alreadyIn };
    default:
      return {};
  }
}

function commitFields({ commit, author, date }: CommitRef): Fields {
  return { commit, author, date };
}

export function notScannedFields({ state, reason, where, detail, count }: NotScanned): Fields {
  return { state, reason, where, detail, count };
}

export function summaryFields({ summary }: Report): Fields {
  const { critical, high, medium, low } = summary.bySeverity;
  return {
    targets: summary.targets,
    complete: summary.complete,
    interrupted: summary.interrupted,
    findings: summary.findings,
    bySeverity: { critical, high, medium, low },
    lowConfidence: summary.lowConfidence,
    suppressed: summary.suppressed,
    texts: summary.texts,
    bytes: summary.bytes,
    excluded: summary.excluded,
    failed: summary.failed,
    facts: summary.facts,
    expiredEntries: summary.expiredEntries.map(entryFields),
    unusedEntries: summary.unusedEntries.map(entryFields),
  };
}

function entryFields({ source, line, text, reason, until }: Entry): Fields {
  return { source, line, text, reason, until };
}

export function toolFields({ tool: { name, version, ruleset } }: Report): Fields {
  return { name, version, ruleset };
}
