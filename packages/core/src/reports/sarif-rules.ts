import type { ReportingDescriptor } from 'sarif';
import type { Confidence, Severity } from '../types/rule.ts';
import type { Report } from '../types/report.ts';
import { neutralise } from '../bytes/display.ts';

type ReportRule = Report['rules'][number];

/** GitHub's bands: over 9 critical, 7 to 8.9 high, 4 to 6.9 medium, below that low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
};

export function sarifLevel(severity: Severity, confidence: Confidence): 'error' | 'warning' | 'note' {
  if (confidence === 'low' || severity === 'low') return 'note';
  return severity === 'medium' ? 'warning' : 'error';
}

export function sarifRule(rule: ReportRule): ReportingDescriptor {
  const title = sarifText(rule.title);
  const helpUri = [...rule.references, rule.console].find(isWebAddress);
  return {
    id: rule.id,
    shortDescription: { text: title },
    fullDescription: { text: `${title} in code, in its history or in a message.` },
    help: { text: help(rule), markdown: help(rule) },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: sarifLevel(rule.severity, rule.confidence) },
    properties: {
      tags: ['security', 'secret', ...rule.tags.filter((tag) => tag !== 'security' && tag !== 'secret')],
      precision: rule.confidence,
      'security-severity': SECURITY_SEVERITY[rule.severity],
    },
  };
}

function help(rule: ReportRule): string {
  const where = isWebAddress(rule.console) ? ` at ${rule.console}` : ' where it was issued';
  return `A credential in code is known to everyone who can read the code or its history. Revoke it${where}, then replace it by one that is read from the environment or a secret store. Removing it from the code alone revokes nothing.`;
}

function isWebAddress(text: string | undefined): text is string {
  return text !== undefined && (text.startsWith('https://') || text.startsWith('http://')) && URL.canParse(text);
}

/** Text for a SARIF message: no control characters, no embedded links (`[text](target)`), no placeholders (`{0}`). */
export function sarifText(text: string): string {
  return neutralise(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('[', '\\[')
    .replaceAll(']', '\\]')
    .replaceAll('{', '{{')
    .replaceAll('}', '}}');
}
