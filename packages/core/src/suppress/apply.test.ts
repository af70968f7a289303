import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fileSighting,
  gitSighting,
  makeAllow,
  makeLocated,
  makeRule,
  rulesById,
} from '../../../../test/support/located.ts';
import type { Located, Rule } from '../types/index.ts';
import { applySuppressions } from './apply.ts';
import type { Applied, SuppressionInput } from './apply.ts';
import type { Criteria, SuppressionEntry } from './entry.ts';

const PAT = makeRule({ id: 'github-pat', aliases: { gitleaks: ['gh-token'] }, tags: ['vcs'] });
const NPM = makeRule({ id: 'npm-token', paths: { only: ['**/.npmrc'] } });
const GENERIC = makeRule({ id: 'generic-secret', rank: 'generic', paths: { except: ['*.lock'] } });
const RULES = rulesById(PAT, NPM, GENERIC);

function apply(located: readonly Located[], input: Partial<SuppressionInput> = {}): Applied {
  return applySuppressions({
    located,
    rules: RULES,
    allow: [],
    entries: [],
    now: new Date('2026-06-15T12:00:00Z'),
    // Stands for RE2, which the pipeline passes in: here a pattern is text that the path holds.
    compilePath: (pattern) => (path) => path.includes(pattern),
    ...input,
  });
}

let nextLine = 1;
function entry(when: Criteria, fields: Partial<SuppressionEntry> = {}): SuppressionEntry {
  return { by: 'ignore-file', source: '.unleakignore', line: nextLine++, text: 'entry', when, ...fields };
}

const pathsOf = (list: readonly Located[]): string[] => list.map(({ sighting }) => sighting.path);

test('without suppressions everything is kept, in its order', () => {
  const located = [
    makeLocated('github-pat', 'c2', fileSighting('b')),
    makeLocated('github-pat', 'c1', fileSighting('a')),
  ];
  expect(apply(located)).toEqual({ kept: located, suppressed: [], hidden: [], dropped: 0, expired: [], unused: [] });
});

test('a credential of which one sighting survives is kept there; of which none survives, suppressed with the reason', () => {
  const located = [
    makeLocated('github-pat', 'c1', fileSighting('src/a')),
    makeLocated('github-pat', 'c1', fileSighting('test/a')),
    makeLocated('github-pat', 'c2', fileSighting('test/b')),
  ];
  const one = entry({ paths: ['test/**'] }, { line: 7, reason: 'fixtures', owner: 'ann', until: '2027-01-01' });
  const result = apply(located, { entries: [one] });
  expect(pathsOf(result.kept)).toEqual(['src/a']);
  expect(result.hidden.map(({ located: { sighting } }) => sighting.path)).toEqual(['test/a']);
  expect(result.suppressed).toEqual([
    {
      located: located[2],
      note: { by: 'ignore-file', source: '.unleakignore:7', reason: 'fixtures', owner: 'ann', until: '2027-01-01' },
    },
  ]);
});

test.each<[string, Criteria, string[]]>([
  ['credential', { credentials: ['c1', 'c9'] }, ['b/2', 'b/3']],
  ['credential at a path', { credentials: ['c1'], path: 'a/1' }, ['b/1', 'b/2', 'b/3']],
  ['exact path', { path: 'b/2' }, ['a/1', 'b/1', 'b/3']],
  ['glob', { paths: ['b/*'] }, ['a/1']],
  ['line', { path: 'b/1', line: 1 }, ['a/1', 'b/2', 'b/3']],
  ['another line', { path: 'b/1', line: 2 }, ['a/1', 'b/1', 'b/2', 'b/3']],
  ['rule id', { rules: ['generic-secret'] }, ['a/1', 'b/1', 'b/3']],
  ['alias of a rule', { rules: ['gh-token'] }, ['b/2']],
  ['provider', { rules: ['provider:github'] }, ['b/2']],
  ['tag', { rules: ['tag:vcs', 'x'] }, ['b/2']],
  ['commit', { commits: ['f00'] }, ['a/1', 'b/1', 'b/2']],
  ['mark of a text list', { mark: 'config:1' }, ['a/1', 'b/1', 'b/3']],
  ['hash of the secret', { path: 'b/3', sha1: 'abc' }, ['a/1', 'b/1', 'b/2']],
  ['another hash', { path: 'b/3', sha1: 'abd' }, ['a/1', 'b/1', 'b/2', 'b/3']],
  ['all that are present', { rules: ['github-pat'], paths: ['b/**'] }, ['a/1', 'b/2']],
])('an entry by %s', (_name, when, kept) => {
  const located = [
    makeLocated('github-pat', 'c1', fileSighting('a/1')),
    makeLocated('github-pat', 'c1', fileSighting('b/1')),
    makeLocated('generic-secret', 'c2', fileSighting('b/2'), { allowed: ['config:1'] }),
    makeLocated('github-pat', 'c3', gitSighting('b/3', 'f00'), { sha1: 'abc' }),
  ];
  expect(pathsOf(apply(located, { entries: [entry(when)] }).kept)).toEqual(kept);
});

test('an entry for a rule is not about a credential that a better rule names', () => {
  const located = [makeLocated('github-pat', 'c1', fileSighting('a'), { alsoMatched: ['generic-secret'] })];
  expect(apply(located, { entries: [entry({ rules: ['generic-secret'] })] }).kept).toHaveLength(1);
});

test('an expired entry suppresses nothing and is reported, on its last day it still holds', () => {
  const located = [makeLocated('github-pat', 'c1', fileSighting('a'))];
  const over = entry({ credentials: ['c1'] }, { line: 3, until: '2026-06-14', reason: 'why' });
  const result = apply(located, { entries: [over] });
  expect(result.kept).toHaveLength(1);
  expect(result.expired).toEqual([
    { source: '.unleakignore', line: 3, text: 'entry', reason: 'why', until: '2026-06-14' },
  ]);
  expect(result.unused).toEqual([]);
  expect(apply(located, { entries: [{ ...over, until: '2026-06-15' }] }).kept).toEqual([]);
});

test('entries about nothing are unused; one that another entry makes unnecessary is not', () => {
  const located = [makeLocated('github-pat', 'c1', fileSighting('a'))];
  const entries = [
    entry({ credentials: ['c1'] }, { line: 9 }),
    entry({ paths: ['a'] }, { line: 8 }),
    entry({ paths: ['b'] }, { line: 7 }),
    entry({ credentials: ['c2'] }, { line: 2 }),
  ];
  expect(apply(located, { entries }).unused.map(({ line }) => line)).toEqual([2, 7]);
});

test('the note comes from the comment, then the ignore file, the baseline, the configuration, the rule', () => {
  const rule = { ...PAT, allow: [makeAllow({ pathPatterns: ['a'], description: 'samples' })] };
  const entries = [
    entry({ credentials: ['c1'] }, { by: 'config', source: 'unleak.yaml' }),
    entry({ paths: ['a'] }, { by: 'baseline', source: 'baseline' }),
    entry({ credentials: ['c1'] }, { by: 'ignore-file' }),
  ];
  const hit = { inline: { marker: 'unleak:allow', rules: [] } };
  const by = (inline: boolean, from: number): string | undefined =>
    apply([makeLocated('github-pat', 'c1', fileSighting('a'), inline ? hit : {})], {
      rules: rulesById(rule),
      entries: entries.slice(0, from),
    }).suppressed[0]?.note.by;
  expect([by(true, 3), by(false, 3), by(false, 2), by(false, 1), by(false, 0)]).toEqual([
    'inline',
    'ignore-file',
    'baseline',
    'config',
    'rule',
  ]);
});

test('an inline comment suppresses at its place alone, and says why', () => {
  const inline = { marker: 'unleak:allow', rules: [], reason: 'test', until: '2027-01-01' };
  const located = [
    makeLocated('github-pat', 'c1', fileSighting('a'), { inline }),
    makeLocated('github-pat', 'c1', fileSighting('b')),
  ];
  const result = apply(located);
  expect(pathsOf(result.kept)).toEqual(['b']);
  expect(result.hidden[0]?.note).toEqual({ by: 'inline', source: 'unleak:allow', reason: 'test', until: '2027-01-01' });
});

test('a comment limited to rules counts for every rule that found the bytes, by any of its names', () => {
  const keptWith = (...rules: string[]): number =>
    apply([
      makeLocated('github-pat', 'c1', fileSighting('a'), {
        alsoMatched: ['generic-secret'],
        inline: { marker: 'unleak:allow', rules },
      }),
    ]).kept.length;
  expect(keptWith('github-pat')).toBe(0);
  expect(keptWith('gh-token')).toBe(0);
  expect(keptWith('provider:github')).toBe(0);
  expect(keptWith('generic-secret')).toBe(0);
  expect(keptWith('npm-token', 'provider:npm')).toBe(1);
});

test('an expired comment suppresses nothing and is reported where it stands', () => {
  const inline = { marker: 'unleak:allow', rules: [], until: '2026-01-01' };
  const located = [
    makeLocated('github-pat', 'c1', fileSighting('a', 5), { inline }),
    makeLocated('generic-secret', 'c2', fileSighting('a', 5), { inline }),
  ];
  const result = apply(located);
  expect(result.kept).toHaveLength(2);
  expect(result.expired).toEqual([{ source: 'a', line: 5, text: 'unleak:allow', until: '2026-01-01' }]);
  expect(
    apply([makeLocated('github-pat', 'c1', fileSighting('a'), { inline: { ...inline, until: 'soon' } })]).kept,
  ).toHaveLength(1);
});

test('a rule for certain paths finds nothing elsewhere, and nothing is said of it', () => {
  const located = [
    makeLocated('npm-token', 'c1', fileSighting('a/.npmrc')),
    makeLocated('npm-token', 'c2', fileSighting('a/b.txt')),
    makeLocated('generic-secret', 'c3', fileSighting('x/yarn.lock')),
  ];
  const result = apply(located, { entries: [entry({ paths: ['a/b.txt'] })] });
  expect(pathsOf(result.kept)).toEqual(['a/.npmrc']);
  expect(result.dropped).toBe(2);
  expect(result.suppressed).toEqual([]);
  expect(result.unused).toHaveLength(1);
});

test('where the naming rule is not for the place, the best other rule that found the bytes names them', () => {
  const located = [
    makeLocated('npm-token', 'c1', fileSighting('a/b.txt'), { alsoMatched: ['generic-secret', 'github-pat'] }),
  ];
  const [kept] = apply(located).kept;
  expect([kept?.hit.rule, kept?.hit.alsoMatched]).toEqual(['github-pat', ['generic-secret']]);
});

test('a message has no path: rules for paths do not apply, exceptions do not either', () => {
  const message = {
    ...fileSighting(''),
    kind: 'tag-message',
    commit: 'f',
    author: '',
    email: '',
    date: '',
    message: '',
    path: '',
  } as const;
  const result = apply([makeLocated('npm-token', 'c1', message), makeLocated('generic-secret', 'c2', message)]);
  expect(result.kept.map(({ hit }) => hit.rule)).toEqual(['generic-secret']);
});

test('imported path patterns limit a rule', () => {
  const rules = rulesById(makeRule({ id: 'imported', pathPattern: '.env' }));
  expect(
    pathsOf(
      apply([makeLocated('imported', 'c1', fileSighting('a.env')), makeLocated('imported', 'c2', fileSighting('b'))], {
        rules,
      }).kept,
    ),
  ).toEqual(['a.env']);
});

test.each<[string, Partial<ReturnType<typeof makeAllow>>, string[]]>([
  ['a path', { pathPatterns: ['vendor'] }, ['src/a', 'src/b']],
  ['a commit', { commits: ['f00'] }, ['vendor/a', 'src/a']],
  ['a path or a commit', { pathPatterns: ['vendor'], commits: ['f00'] }, ['src/a']],
  ['a path and a commit', { condition: 'all', pathPatterns: ['src'], commits: ['f00'] }, ['vendor/a', 'src/a']],
  ['a path and text', { condition: 'all', pathPatterns: ['a'], words: ['x'] }, ['src/a', 'src/b']],
  ['text alone, which the engine has judged', { condition: 'all', words: ['x'] }, ['vendor/a', 'src/a', 'src/b']],
  [
    'a list of the configuration, which is an entry',
    { mark: 'config:1', pathPatterns: ['src'] },
    ['vendor/a', 'src/a', 'src/b'],
  ],
])("a rule's allow-list by %s", (_name, list, kept) => {
  const rules = rulesById({ ...PAT, allow: [makeAllow({}), makeAllow(list)] });
  const located = [
    makeLocated('github-pat', 'c1', fileSighting('vendor/a'), { allowed: ['github-pat#1'] }),
    makeLocated('github-pat', 'c2', fileSighting('src/a')),
    makeLocated('github-pat', 'c3', gitSighting('src/b', 'f00')),
  ];
  expect(pathsOf(apply(located, { rules }).kept)).toEqual(kept);
});

test('an allow-list of the ruleset is for the rules it targets', () => {
  const located = [
    makeLocated('github-pat', 'c1', fileSighting('vendor/a')),
    makeLocated('generic-secret', 'c2', fileSighting('vendor/b')),
  ];
  const list = makeAllow({ pathPatterns: ['vendor'] });
  expect(pathsOf(apply(located, { allow: [{ ...list, targetRules: ['gh-token'] }] }).kept)).toEqual(['vendor/b']);
  expect(pathsOf(apply(located, { allow: [{ ...list, targetRules: [] }] }).kept)).toEqual([]);
});

const anyLocated: fc.Arbitrary<Located> = fc
  .record({
    rule: fc.constantFrom('github-pat', 'npm-token', 'generic-secret', 'unknown-rule'),
    credential: fc.constantFrom('c1', 'c2', 'c3'),
    path: fc.constantFrom('a', 'a/.npmrc', 'b/c', 'b/x.lock'),
    commit: fc.option(fc.constantFrom('f00', 'f01'), { nil: undefined }),
    inline: fc.option(
      fc.constantFrom(
        { marker: 'm', rules: [] },
        { marker: 'm', rules: ['github-pat'] },
        { marker: 'm', rules: [], until: '2020-01-01' },
      ),
      { nil: undefined },
    ),
    also: fc.subarray(['github-pat', 'generic-secret']),
  })
  .map(({ rule, credential, path, commit, inline, also }) =>
    makeLocated(rule, credential, commit === undefined ? fileSighting(path) : gitSighting(path, commit), {
      alsoMatched: also.filter((id) => id !== rule),
      ...(inline === undefined ? {} : { inline }),
    }),
  );
const anyEntry: fc.Arbitrary<SuppressionEntry> = fc
  .record({
    when: fc.record(
      {
        credentials: fc.subarray(['c1', 'c2'], { minLength: 1 }),
        paths: fc.subarray(['a/**', 'b/**', '*.lock'], { minLength: 1 }),
        rules: fc.subarray(['github-pat', 'provider:generic'], { minLength: 1 }),
        commits: fc.constant(['f00']),
      },
      { requiredKeys: [] },
    ),
    by: fc.constantFrom('ignore-file', 'baseline', 'config'),
    line: fc.nat(5),
    until: fc.constantFrom('2020-01-01', '2030-01-01'),
  })
  .map((fields) => ({ source: 'f', text: 'e', ...fields }));

test('the answer does not depend on the order of hits and entries, and no sighting is lost', () => {
  const canonical = (list: readonly unknown[]): string[] => list.map((one) => JSON.stringify(one)).sort();
  fc.assert(
    fc.property(fc.array(anyLocated, { maxLength: 12 }), fc.array(anyEntry, { maxLength: 5 }), (located, entries) => {
      const a = apply(located, { entries });
      const b = apply(located.toReversed(), { entries: entries.toReversed() });
      for (const key of ['kept', 'suppressed', 'hidden'] as const) expect(canonical(b[key])).toEqual(canonical(a[key]));
      expect([b.dropped, b.expired, b.unused]).toEqual([a.dropped, a.expired, a.unused]);
      expect(a.kept.length + a.suppressed.length + a.hidden.length + a.dropped).toBe(located.length);
      const reported = new Set(a.kept.map(({ hit }) => hit.credential));
      expect(a.suppressed.some(({ located: { hit } }) => reported.has(hit.credential))).toBe(false);
      expect(a.hidden.every(({ located: { hit } }) => reported.has(hit.credential))).toBe(true);
    }),
  );
});

test('what was kept is kept again', () => {
  fc.assert(
    fc.property(fc.array(anyLocated, { maxLength: 12 }), fc.array(anyEntry, { maxLength: 5 }), (located, entries) => {
      const { kept } = apply(located, { entries });
      const again = apply(kept, { entries });
      expect(again.kept).toEqual(kept);
      expect(again.dropped + again.suppressed.length + again.hidden.length).toBe(0);
    }),
  );
});

test('a large baseline and many hits are matched by id, not one by one', () => {
  const rule: Rule = PAT;
  const located = Array.from({ length: 20_000 }, (_, i) => makeLocated(rule.id, `c${i}`, fileSighting(`f${i % 100}`)));
  const entries = located.map(({ hit }, i) => entry({ credentials: [hit.credential] }, { by: 'baseline', line: i }));
  expect(apply(located, { entries }).suppressed).toHaveLength(20_000);
});
