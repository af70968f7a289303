/**
 * A baseline: the credentials that are known and accepted for now, one line each, sorted by id. No dates, no line
 * numbers and nothing that depends on a run, so that two branches merge line by line and the same findings give the
 * same bytes. Order and repetition mean nothing when it is read.
 *
 *     # unleak baseline v1 salt=ab2c
 *     c1_…  reason="…" owner=… until=2027-01-31  # rule-id path of one place
 */
import { isCredentialId } from '../bytes/ids.ts';
import { neutralise } from '../bytes/display.ts';
import type { Finding, Sighting } from '../types/index.ts';
import type { SuppressionEntry } from './entry.ts';
import { headerLine, parseEntryFile } from './entry-file.ts';
import { formatEntryLine, parseEntryLine } from './entry-line.ts';
import type { EntryLine } from './entry-line.ts';

/** @throws SuppressionError */
export function parseBaseline(name: string, text: string, tag: string): readonly SuppressionEntry[] {
  return parseEntryFile(text, {
    kind: 'baseline',
    name,
    tag,
    criteria: (words) => {
      const [id, ...more] = words;
      // Not quoted: a file that was named by mistake may hold secrets.
      if (id === undefined || !isCredentialId(id)) return 'begins with no credential id (c1_…): is this a baseline?';
      return more.length > 0 ? 'a line of a baseline holds one credential id' : { credentials: [id] };
    },
  });
}

export interface BaselineOptions {
  readonly tag: string;
  /** The baseline so far, which `parseBaseline` accepts: reasons, owners and dates of its entries are kept. */
  readonly previous?: string;
  /** Drop entries of `previous` whose credential is not among the findings: right only after a scan of everything. */
  readonly prune: boolean;
}

/** What is found now, with the suppressed findings that should stay in. Ends with a line feed. */
export function writeBaseline(
  findings: readonly (Pick<Finding, 'id' | 'ruleId'> & { readonly sightings: readonly Pick<Sighting, 'path'>[] })[],
  options: BaselineOptions,
): string {
  const old = new Map<string, EntryLine>();
  for (const line of (options.previous ?? '').split('\n')) {
    const parsed = parseEntryLine(line);
    const id = parsed?.words[0];
    if (parsed !== undefined && id !== undefined && isCredentialId(id)) old.set(id, parsed);
  }
  const lines = new Map<string, string>();
  if (!options.prune) for (const [id, line] of old) lines.set(id, formatEntryLine(line));
  for (const finding of findings) {
    const path = finding.sightings.map((sighting) => sighting.path).find((p) => p !== '');
    const remark = [finding.ruleId, ...(path === undefined ? [] : [path])].map((text) => neutralise(text)).join(' ');
    lines.set(finding.id, formatEntryLine({ words: [finding.id], fields: old.get(finding.id)?.fields ?? {}, remark }));
  }
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  return `${[headerLine('baseline', options.tag), ...sorted].join('\n')}\n`;
}
