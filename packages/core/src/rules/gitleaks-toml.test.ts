import { describe, expect, test } from 'vitest';
import type { Rule } from '../types/index.ts';
import { importGitleaks } from './gitleaks-toml.ts';
import type { GitleaksRules } from './gitleaks-toml.ts';
import { RuleError, problemLine } from './problem.ts';
import { buildRuleset } from './ruleset.ts';
import { ruleYaml } from './test-rules.ts';

const defaults = buildRuleset([
  {
    name: 'acme.yaml',
    text: ruleYaml(
      { aliases: { gitleaks: ['acme-token'] }, entropy: 2, tags: ['own'] },
      { id: 'acme-other', checksum: 'npm-crc32' },
    ),
  },
]);

function load(text: string, files: Readonly<Record<string, string>> = {}): GitleaksRules {
  return importGitleaks({
    name: '.gitleaks.toml',
    text,
    defaults,
    workingDirectory: '/repo',
    readText: (path) => files[path],
  });
}

function rule(text: string, id = 'mine'): Rule {
  const found = load(text).ruleset.rules.find((r) => r.id === id);
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found;
}

function problems(text: string, files: Readonly<Record<string, string>> = {}): string[] {
  try {
    load(text, files);
  } catch (error) {
    if (error instanceof RuleError) return error.problems.map(problemLine);
    throw error;
  }
  return [];
}

const warnings = (text: string, files: Readonly<Record<string, string>> = {}): string[] =>
  load(text, files).warnings.map(problemLine);

describe('a rule', () => {
  test('with everything', () => {
    const found = rule(`
title = "Ours"
[[rules]]
id = "mine"
description = "My key"
regex = '''(?i)mykey[_-]([0-9a-f]{8})'''
secretGroup = 1
entropy = 2.5
keywords = ["MyKey"]
tags = ["b", "a"]
path = '''\\.env$'''
[[rules.allowlists]]
description = "tests"
condition = "AND"
regexTarget = "line"
regexes = ['''^test''']
paths = ['''_test\\.go$''']
stopwords = ["Example"]
commits = ["ABCDEF"]
`);
    expect(found).toMatchObject({
      provider: 'imported',
      providerName: 'Ours',
      title: 'My key',
      pattern: '(?i)mykey[_-]([0-9a-f]{8})',
      secretGroup: 1,
      minEntropy: 2.5,
      keywords: ['mykey'],
      tags: ['a', 'b'],
      pathPattern: '\\.env$',
      placeholders: false,
      words: false,
      reportAlone: true,
      // Folded letters: k takes three bytes, of which U+212A is one.
      reach: { class: 'bounded', back: 0, forward: 16 },
      allow: [
        {
          description: 'tests',
          condition: 'all',
          target: 'line',
          patterns: ['^test'],
          pathPatterns: ['_test\\.go$'],
          words: ['example'],
          commits: ['abcdef'],
        },
      ],
    });
  });

  test('runs around its keywords only if every match holds one', () => {
    const proven = (regex: string, keywords: string): string =>
      rule(`[[rules]]\nid = "mine"\nregex = '''${regex}'''\nkeywords = ${keywords}\n`).reach.class;
    expect(proven('mykey[0-9]{8}', '["mykey"]')).toBe('bounded');
    expect(proven('mykey[0-9]{8,}', '["mykey"]')).toBe('open');
    expect(proven('[0-9a-f]{32}', '["mykey"]')).toBe('nonlocal');
    expect(proven('mykey[0-9]{8}', '[]')).toBe('nonlocal');
    expect(rule(`[[rules]]\nid = "mine"\nregex = '''[0-9a-f]{32}'''\nkeywords = ["mykey"]\n`).keywords).toEqual([
      'mykey',
    ]);
  });

  test('with keywords that cannot be searched runs over whole texts and says so', () => {
    const text = `[[rules]]\nid = "mine"\nregex = '''sk[0-9]{8}'''\nkeywords = ["sk"]\n`;
    expect(rule(text)).toMatchObject({ keywords: [], reach: { class: 'nonlocal' } });
    expect(warnings(text)).toEqual([
      expect.stringMatching(/^\.gitleaks\.toml: mine: has keywords that are shorter than three bytes/),
    ]);
  });

  test('on paths alone reports the file', () => {
    expect(rule(`[[rules]]\nid = "mine"\npath = '''id_rsa$'''\n`)).toMatchObject({
      pattern: '',
      pathPattern: 'id_rsa$',
      reach: { class: 'nonlocal' },
    });
  });

  test('is generic if its id says so', () => {
    expect(rule(`[[rules]]\nid = "generic-api-key"\nregex = '''x{9}'''\n`, 'generic-api-key').rank).toBe('generic');
  });

  test('in the syntax of Go that RE2 shares', () => {
    const go = '(?i)(?:\\x60|(?-i:A)|(?P<n>\\Qa.b\\E)|[[:word:]]{3})\\z';
    expect(rule(`[[rules]]\nid = "mine"\nregex = '''${go}'''\n`).pattern).toBe(go);
  });

  test('keys are read in any case', () => {
    expect(
      rule(`[[Rules]]\nID = "mine"\nRegex = '''x{9}'''\nSecretGroup = 0\n[Rules.AllowList]\nStopWords = ["a"]\n`).allow,
    ).toHaveLength(1);
  });
});

describe('required rules become companions', () => {
  const both = (more: string, id = `regex = '''id-([0-9]{4})'''\nentropy = 1.5\nskipReport = true`): string =>
    `[[rules]]\nid = "mine"\nregex = '''mykey[0-9]{8}'''\nkeywords = ["mykey"]\n[[rules.required]]\nid = "other"\n${more}\n[[rules]]\nid = "other"\n${id}\n`;

  test("with the other rule's secret as their group", () => {
    expect(rule(both('withinLines = 3')).companions).toEqual([
      { name: 'other', pattern: 'id-(?P<secret>[0-9]{4})', within: 4096, lines: 3, required: true, minEntropy: 1.5 },
    ]);
    expect(rule(both('withinLines = 3'), 'other').reportAlone).toBe(false);
    const [whole] = rule(both('withinLines = 0\nwithinColumns = 40', `regex = '''id-[0-9]{4}'''`)).companions;
    expect(whole).toMatchObject({ pattern: '(?P<secret>id-[0-9]{4})', within: 40, lines: 0 });
    const [second] = rule(both('withinLines = 3', `regex = '''(id)-(?P<num>[0-9]{4})'''\nsecretGroup = 2`)).companions;
    expect(second?.pattern).toBe('(id)-(?P<secret>[0-9]{4})');
  });
  test('what cannot be kept is said', () => {
    expect(warnings(both(''))).toEqual([
      expect.stringMatching(/required other: looked for within 200 lines and 4096 bytes/),
    ]);
    expect(warnings(both('withinLines = 3\nwithinColumns = 9'))).toEqual([
      expect.stringMatching(/withinColumns counts only with withinLines = 0/),
    ]);
    expect(problems(`[[rules]]\nid = "mine"\nregex = '''x{9}'''\n[[rules.required]]\nid = "gone"\n`)).toEqual([
      expect.stringMatching(/mine: required: no rule with a regex is called gone/),
    ]);
  });
});

describe('extend', () => {
  const ids = (text: string, files: Readonly<Record<string, string>> = {}): string[] =>
    load(text, files).ruleset.rules.map((r) => r.id);
  const mine = `[[rules]]\nid = "mine"\nregex = '''x{9}'''\n`;

  test('without useDefault the file stands alone', () => {
    expect(ids(mine)).toEqual(['mine']);
  });
  test('useDefault means our rules, without those that are disabled by their id or alias', () => {
    expect(ids(`[extend]\nuseDefault = true\n${mine}`)).toEqual(['acme-key', 'acme-other', 'mine']);
    expect(ids(`[extend]\nuseDefault = true\ndisabledRules = ["acme-token"]\n`)).toEqual(['acme-other']);
    expect(ids(`[extend]\nuseDefault = true\ndisabledRules = ["acme-other"]\n`)).toEqual(['acme-key']);
    expect(warnings(`[extend]\nuseDefault = true\ndisabledRules = ["nope"]\n`)).toEqual([
      '.gitleaks.toml: extend.disabledRules: no rule is called nope',
    ]);
  });
  test('path is relative to the working directory, and the nearer file wins', () => {
    const files = {
      '/repo/base.toml': `[[rules]]\nid = "base"\nregex = '''b{9}'''\n[[rules]]\nid = "mine"\nregex = '''y{9}'''\nentropy = 3.0\n`,
    };
    const set = load(`[extend]\npath = "base.toml"\n${mine}`, files).ruleset;
    expect(set.rules.map((r) => [r.id, r.pattern, r.minEntropy])).toEqual([
      ['base', 'b{9}', undefined],
      ['mine', 'x{9}', 3],
    ]);
  });
  test('goes two files deep', () => {
    const level = (n: number, next?: number): string =>
      `${next === undefined ? '' : `[extend]\npath = "${next}.toml"\n`}[[rules]]\nid = "r${n}"\nregex = '''x{9}'''\n`;
    const files = { '/repo/1.toml': level(1, 2), '/repo/2.toml': level(2, 3), '/repo/3.toml': level(3) };
    expect(ids(level(0, 1), files)).toEqual(['r0', 'r1', 'r2']);
    expect(warnings(level(0, 1), files)).toEqual([
      '2.toml: extend.path 3.toml is not read: files extend each other at most 2 deep',
    ]);
    // A file that extends itself ends the same way.
    expect(ids(level(0, 1), { '/repo/1.toml': level(1, 1) })).toEqual(['r0', 'r1']);
  });
  test('a file that cannot be read, and a URL, are errors', () => {
    expect(problems(`[extend]\npath = "gone.toml"\n`)).toEqual([
      expect.stringMatching(/extend\.path gone\.toml cannot be read/),
    ]);
    expect(problems(`[extend]\nurl = "https://x.example/a.toml"\n`)).toEqual([
      expect.stringMatching(/extend\.url is not read/),
    ]);
  });
});

describe('a rule of the same id is laid over ours, member by member', () => {
  const over = (id: string, more: string): Rule =>
    rule(`[extend]\nuseDefault = true\n[[rules]]\nid = "${id}"\n${more}`, id === 'acme-token' ? 'acme-key' : id);
  const base = defaults.rules[0];

  test('a list is added and nothing else changes', () => {
    const found = over('acme-token', `[[rules.allowlists]]\nregexes = ['''0{8}''']\n`);
    expect({ ...found, allow: [], digest: '' }).toEqual({ ...base, allow: [], digest: '' });
    expect(found.allow).toHaveLength(1);
    expect(found.digest).not.toBe(base?.digest);
  });
  test('entropy, description, path, tags and keywords', () => {
    const found = over(
      'acme-token',
      `entropy = 3.5\ndescription = "D"\npath = '''x'''\ntags = ["t"]\nkeywords = ["ACME_12"]\n`,
    );
    expect(found).toMatchObject({
      minEntropy: 3.5,
      title: 'D',
      pathPattern: 'x',
      tags: ['own', 't'],
      keywords: ['acme_', 'acme_12'],
      pattern: base?.pattern,
    });
    expect(found.after).toHaveLength(2);
  });
  test('a regex replaces the pattern and what followed from it', () => {
    const found = over('acme-other', `regex = '''acme_(?:[a-z]+)'''\n`);
    expect(found).toMatchObject({ pattern: 'acme_(?:[a-z]+)', reach: { class: 'open' }, severity: 'high' });
    expect(found.checksum).toBeUndefined();
    expect(found.maskPrefix).toBeUndefined();
  });
});

test('lists for all rules, and for some, by the names that the rules go by', () => {
  const { ruleset, warnings: said } = load(`
[extend]
useDefault = true
[allowlist]
paths = ['''vendor/''']
[[allowlists]]
targetRules = ["acme-token", "acme-other", "nope"]
regexes = ['''0000''']
regexTarget = "match"
`);
  expect(ruleset.allow).toEqual([
    {
      condition: 'any',
      target: 'secret',
      patterns: [],
      words: [],
      commits: [],
      pathPatterns: ['vendor/'],
      targetRules: [],
    },
    {
      condition: 'any',
      target: 'match',
      patterns: ['0000'],
      words: [],
      commits: [],
      pathPatterns: [],
      targetRules: ['acme-key', 'acme-other', 'nope'],
    },
  ]);
  expect(said.map(problemLine)).toEqual(['.gitleaks.toml: targetRules: no rule is called nope']);
});

describe('what is not supported is said', () => {
  test('expressions and unknown keys are warnings', () => {
    expect(
      warnings(
        `filter = "x"\nprefilter = "y"\ncolour = 1\n[[rules]]\nid = "mine"\nregex = '''x{9}'''\nvalidate = "z"\nfilter = "f"\nspecificity = 3\n`,
      ),
    ).toEqual([
      '.gitleaks.toml: prefilter: expressions are not supported, so it filters nothing',
      '.gitleaks.toml: filter: expressions are not supported, so it filters nothing',
      '.gitleaks.toml: mine: rules.validate: expressions are not supported, so it has no effect',
      '.gitleaks.toml: mine: rules.filter: expressions are not supported, so it has no effect',
      '.gitleaks.toml: mine: rules.specificity: it has no effect here',
      '.gitleaks.toml: colour is not known, so it has no effect',
    ]);
    expect(warnings(`title = "x"\nminVersion = "v8.25.0"\nbetterleaksMinVersion = "1"\ndescription = "d"\n`)).toEqual(
      [],
    );
  });

  test.each([
    [`[[rules]]\nid = "mine"\nregex = '''a(?!b)'''\n`, /^\.gitleaks\.toml: mine: regex: RE2 has no look-ahead/],
    [`[[rules]]\nid = "mine"\nregex = '''a'''\npath = '''('''\n`, /mine: path: /],
    [`[[rules]]\nid = "mine"\n`, /mine: has neither regex nor path/],
    [`[[rules]]\nregex = '''a'''\n`, /rule 1 has no id/],
    [`[[rules]]\nid = "mine"\nregex = 3\n`, /mine: rules\.regex is not a text/],
    [`rules = "x"\n`, /rules is not a table or a list of tables/],
    [`[[allowlists]]\ndescription = "x"\n`, /an allow-list without commits, paths, regexes and stopwords/],
    [`[[allowlists]]\nregexes = ['''(?=a)''']\n`, /regexes of an allow-list: RE2 has no look-ahead/],
    [`[[allowlists]]\nregexes = ["a"]\ncondition = "XOR"\n`, /condition of an allow-list is XOR/],
    [`[[allowlists]]\nregexes = ["a"]\nregexTarget = "file"\n`, /regexTarget of an allow-list is file/],
    [`title = \n`, /^\.gitleaks\.toml:1: /],
  ])('%j is an error', (text, message) => {
    expect(
      problems(text).some((p) => message.test(p)),
      problems(text).join('\n'),
    ).toBe(true);
    for (const p of problems(text)) expect(p).not.toContain('\n');
  });
});

test('very many keywords, unknown keys and lists are read like few', () => {
  const numbers = Array.from({ length: 150_000 }, (_, i) => i);
  const keywords = numbers.map((i) => `"word${i}"`).join(',');
  expect(rule(`[[rules]]\nid = "mine"\nregex = "word0[a-z]{20}"\nkeywords = [${keywords}]\n`).keywords).toHaveLength(
    150_000,
  );
  expect(load(numbers.map((i) => `key${i} = 1\n`).join('')).warnings).toHaveLength(150_000);
  expect(load('[[allowlists]]\nstopwords = ["a"]\n'.repeat(100_000)).ruleset.allow).toHaveLength(100_000);
}, 120_000);
