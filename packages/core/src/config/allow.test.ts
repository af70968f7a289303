import { expect, test } from 'vitest';
import { fileSighting, makeLocated, makeRule, rulesById } from '../../../../test/support/located.ts';
import { applySuppressions } from '../suppress/apply.ts';
import { allowParts } from './allow.ts';
import type { AcceptedEntry } from './resolve.ts';

const origin = { kind: 'target', name: 'unleak.yaml', line: 4 } as const;
const parts = (...entries: Omit<AcceptedEntry, 'origin'>[]): ReturnType<typeof allowParts> =>
  allowParts(entries.map((entry) => ({ ...entry, origin })));

test('an entry by place is judged after attribution alone', () => {
  const { entries, lists } = parts({
    description: 'samples',
    rules: ['github-pat'],
    paths: ['docs/**'],
    credentials: ['c1_x'],
    commits: ['f00'],
    owner: 'ann',
    until: '2027-01-31',
  });
  expect(lists).toEqual([]);
  expect(entries).toEqual([
    {
      by: 'config',
      source: 'unleak.yaml',
      line: 4,
      text: 'allow: samples',
      when: { rules: ['github-pat'], paths: ['docs/**'], credentials: ['c1_x'], commits: ['f00'] },
      reason: 'samples',
      owner: 'ann',
      until: '2027-01-31',
    },
  ]);
});

test('an entry by text is a list that marks hits, and an entry that asks for the mark', () => {
  const { entries, lists } = parts(
    { paths: ['a'] },
    { paths: ['docs/**'], words: ['Sample'], patterns: ['^test'], target: 'line', reason: 'why' },
  );
  expect(lists).toEqual([
    {
      condition: 'all',
      patterns: ['^test'],
      target: 'line',
      words: ['sample'],
      pathPatterns: [],
      commits: [],
      mark: 'config#1',
      targetRules: [],
    },
  ]);
  expect(entries[1]).toMatchObject({ when: { paths: ['docs/**'], mark: 'config#1' }, reason: 'why' });
});

test('an allowed word is never told as the entry: it may be a secret', () => {
  const { entries } = parts({ words: ['hunter22'] }, { patterns: ['hunter22'], rules: ['a'] });
  expect(JSON.stringify(entries)).not.toContain('hunter22');
  expect(entries.map(({ text }) => text)).toEqual(['allow: by text', 'allow: a']);
});

test('both parts together suppress what all criteria are about, and say so', () => {
  const { entries, lists } = parts({ paths: ['docs/**'], words: ['sample'], reason: 'documentation' });
  const mark = lists[0]?.mark ?? '';
  const located = [
    makeLocated('github-pat', 'c1', fileSighting('docs/a'), { allowed: [mark] }),
    makeLocated('github-pat', 'c2', fileSighting('docs/b')),
    makeLocated('github-pat', 'c3', fileSighting('src/c'), { allowed: [mark] }),
  ];
  const result = applySuppressions({
    located,
    rules: rulesById(makeRule({ id: 'github-pat' })),
    allow: lists,
    entries,
    now: new Date('2026-06-15'),
    compilePath: () => () => true,
  });
  expect(result.kept.map(({ hit }) => hit.credential)).toEqual(['c2', 'c3']);
  expect(result.suppressed[0]?.note).toEqual({ by: 'config', source: 'unleak.yaml:4', reason: 'documentation' });
});
