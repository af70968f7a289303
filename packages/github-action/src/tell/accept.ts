/** How a finding is accepted that is none: the ways that end up in the repository, where others see them. */
import { filePath, gitleaksFingerprint, neutralise, shellArgument, type Finding, type Report } from '@unleak/core';
import { details } from './markdown.ts';

const MAX_LINES = 50;

/** Markdown, collapsed. `gitleaks`: with lines for `.gitleaksignore`. */
export function acceptMarkdown(report: Report, gitleaks: boolean): string {
  const ways = [
    'A false alarm, or a value that may be known to all? Say so, with a reason, in one of these ways:',
    '',
    '- on the line, as a comment in the language of the file: `unleak:allow reason="why"`',
    '- for all places of a credential: `npx unleak ignore <id> --reason "why"`, and commit `.unleakignore`',
    ...(gitleaks ? gitleaksLines(report) : []),
    '',
  ];
  return details('Not a secret?', ways.join('\n'));
}

function gitleaksLines({ findings, rules }: Report): readonly string[] {
  const aliases = new Map(rules.map((rule) => [rule.id, rule.aliases.gitleaks?.[0]]));
  const lines = findings.flatMap((finding) => ignoreLines(finding, aliases.get(finding.ruleId) ?? finding.ruleId));
  if (lines.length === 0) return [];
  const more = lines.length - MAX_LINES;
  return [
    '- or by its fingerprint:',
    '',
    '```sh',
    ...lines.slice(0, MAX_LINES),
    ...(more > 0 ? [`# and ${more} more: see the SARIF file`] : []),
    '```',
  ];
}

/** Shell commands that add the fingerprints. A path that has to be shown in another way than it is has none. */
function ignoreLines(finding: Finding, rule: string): readonly string[] {
  return finding.sightings
    .filter((sighting) => filePath(sighting) === neutralise(filePath(sighting)))
    .map((sighting) => `echo ${shellArgument(gitleaksFingerprint(sighting, rule))} >> .gitleaksignore`);
}
