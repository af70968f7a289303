import { createHash } from 'node:crypto';
import type { AllowList, Rule } from '../types/index.ts';

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

/** JSON with sorted keys and without undefined members: equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value as Json));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]));
}

/** What decides what a rule finds and which credential it is: not titles, severities or references. */
const DECIDING = [
  'id',
  'kind',
  'rank',
  'keywords',
  'pattern',
  'secretGroup',
  'reach',
  'gate',
  'checksum',
  'minEntropy',
  'minLength',
  'placeholders',
  'words',
  'identity',
  'companions',
  'allow',
  'paths',
  'pathPattern',
  'reportAlone',
] as const satisfies readonly (keyof Rule)[];

export function ruleDigest(rule: Omit<Rule, 'digest'>): string {
  return digestOf(Object.fromEntries(DECIDING.map((name) => [name, rule[name]])));
}

/**
 * Of all that is known of a rule: also of what decides between it and another one, what comments call it, what masks show.
 * Equal digests, equal rules; equal rules whose members stand in another order have different ones.
 */
export function wholeRuleDigest(rule: Rule): string {
  return createHash('sha256').update(JSON.stringify(rule)).digest('hex');
}

export function rulesetDigest(rules: readonly Rule[], allow: readonly AllowList[]): string {
  return digestOf({ rules: rules.map((rule) => rule.digest).sort(), allow });
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32);
}
