import { CONFIDENCES, SEVERITIES } from '../types/index.ts';
import type { Rule } from '../types/index.ts';

/**
 * Which of several rules names a credential, the better one first: specific before generic, with a checksum before
 * without, the surer, the more severe, the lower id.
 */
export function compareRules(a: Rule, b: Rule): number {
  return (
    Number(a.rank === 'generic') - Number(b.rank === 'generic') ||
    Number(a.checksum === undefined) - Number(b.checksum === undefined) ||
    CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
