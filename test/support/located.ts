/** Rules, hits and places for tests of what happens after the engine. Every field has a plain default. */
import type {
  AllowList,
  FileSighting,
  GitSighting,
  Hit,
  Located,
  Rule,
  Sighting,
} from '../../packages/core/src/types/index.ts';

export function makeRule(fields: Partial<Rule> & { id: string }): Rule {
  return {
    provider: fields.id.split('-')[0] ?? fields.id,
    providerName: 'Provider',
    title: `Title of ${fields.id}`,
    kind: 'api-key',
    severity: 'high',
    confidence: 'high',
    rank: 'specific',
    keywords: ['keyword'],
    pattern: 'keyword',
    reach: { class: 'bounded', back: 0, forward: 64, stopAtNext: false, lines: 0 },
    placeholders: true,
    words: false,
    identity: 'token',
    companions: [],
    allow: [],
    reportAlone: true,
    references: ['https://example.com/'],
    aliases: {},
    tags: [],
    digest: fields.id,
    ...fields,
  };
}

export function rulesById(...rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  return new Map(rules.map((rule) => [rule.id, rule]));
}

export function makeAllow(fields: Partial<AllowList>): AllowList {
  return { condition: 'any', patterns: [], target: 'secret', words: [], pathPatterns: [], commits: [], ...fields };
}

function makeHit(fields: Partial<Hit> & { rule: string; credential: string }): Hit {
  return {
    alsoMatched: [],
    span: { start: 10, end: 20 },
    line: 1,
    column: 11,
    endLine: 1,
    endColumn: 20,
    fingerprint: `f1_${fields.credential}`,
    mask: '****',
    secretLength: 10,
    entropy: 3,
    context: 'key = REDACTED',
    decoded: [],
    parts: {},
    ...fields,
  };
}

export function fileSighting(path: string, line = 1): FileSighting {
  return { kind: 'file', path, line, column: 11, endLine: line, endColumn: 20 };
}

export function gitSighting(path: string, commit: string, fields: Partial<GitSighting> = {}): GitSighting {
  return {
    kind: 'git',
    path,
    line: 1,
    column: 11,
    endLine: 1,
    endColumn: 20,
    commit,
    author: 'Ann',
    email: 'ann@example.com',
    date: '2026-01-01T00:00:00Z',
    message: 'a change',
    blob: `blob-${commit}`,
    inHead: true,
    branches: ['main'],
    ...fields,
  };
}

export function makeLocated(rule: string, credential: string, sighting: Sighting, hit: Partial<Hit> = {}): Located {
  const { line, column, endLine, endColumn } = sighting;
  return {
    text: `text:${sighting.path}`,
    hit: makeHit({ rule, credential, line, column, endLine, endColumn, ...hit }),
    sighting,
  };
}
