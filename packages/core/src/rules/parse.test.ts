import { describe, expect, test } from 'vitest';
import { MAX_FILE_BYTES, parseRuleFile } from './parse.ts';
import { problemLine } from './problem.ts';
import { ruleYaml } from './test-rules.ts';

function problems(text: string): string[] {
  const parsed = parseRuleFile('rules/providers/acme.yaml', text);
  return 'problems' in parsed ? parsed.problems.map(problemLine) : [];
}

test('a file as people write it, with its defaults and the lines of its rules', () => {
  const parsed = parseRuleFile('x.yaml', ruleYaml({}));
  if ('problems' in parsed) throw new Error(parsed.problems.map(problemLine).join('\n'));
  const [rule] = parsed.file.rules;
  expect(rule).toMatchObject({
    id: 'acme-key',
    rank: 'specific',
    placeholders: true,
    identity: 'token',
    companions: [],
    allow: [],
    tags: [],
    reportAlone: true,
    aliases: {},
  });
  expect(rule?.words).toBeUndefined();
  expect(parsed.lines.get('acme-key')).toBe(4);
});

describe('what is wrong is said in one line with its place', () => {
  test.each([
    ['an unknown key', ruleYaml({ paterns: 'x' }), /^rules\/providers\/acme\.yaml:\d+: acme-key: unknown key paterns$/],
    ['an unknown key deeper', ruleYaml({ paths: { onlly: ['x'] } }), /: acme-key: unknown key paths\.onlly$/],
    ['a missing key', ruleYaml({ title: undefined }), /: acme-key: title is missing$/],
    ['a wrong kind', ruleYaml({ kind: 'token' }), /:\d+: acme-key: kind: must be one of: api-key /],
    ['a short keyword', ruleYaml({ keywords: ['ab'] }), /: acme-key: keywords\[0\]: must be at least 3 bytes long$/],
    ['a keyword beyond ASCII', ruleYaml({ keywords: ['clé_'] }), /: acme-key: keywords\[0\]: must be printable ASCII$/],
    ['no keywords', ruleYaml({ keywords: [] }), /: acme-key: keywords: must name at least one keyword$/],
    [
      'no example',
      ruleYaml({ examples: { match: [], noMatch: ['x'] } }),
      /: acme-key: examples\.match: must hold at least one template$/,
    ],
    ['an id in capitals', ruleYaml({ id: 'Acme' }), /: Acme: id: must be lower-case/],
    [
      'a reference that is no URL',
      ruleYaml({ references: ['docs'] }),
      /: acme-key: references\[0\]: must be an https URL$/,
    ],
    ['a number out of range', ruleYaml({ entropy: 9 }), /: acme-key: entropy: must be at most 8$/],
    ['a text where a list belongs', ruleYaml({ tags: 'ci' }), /: acme-key: tags/],
    [
      'an unknown key of the file',
      `${ruleYaml({})}hosts: []\n`,
      /^rules\/providers\/acme\.yaml:\d+: unknown key hosts$/,
    ],
    ['no file at all', '- 1\n', /^rules\/providers\/acme\.yaml:1: provider is missing$/],
    ['an empty file', '', /^rules\/providers\/acme\.yaml/],
    ['broken YAML', 'provider: [\n', /^rules\/providers\/acme\.yaml:2: /],
    ['a key twice', 'provider: acme\nprovider: acme\n', /^rules\/providers\/acme\.yaml:2: .*unique/],
    ['a tag of its own', 'provider: !js/function x\n', /^rules\/providers\/acme\.yaml:1: /],
  ])('%s', (_, text, line) => {
    const found = problems(text);
    expect(
      found.filter((p) => line.test(p)),
      found.join('\n'),
    ).toHaveLength(1);
    for (const problem of found) expect(problem).not.toContain('\n');
  });

  test('the line is that of the key', () => {
    const text = ruleYaml({});
    const line = text.split('\n').findIndex((l) => l.includes('severity')) + 1;
    expect(problems(text.replace('severity: high', 'severity: deadly'))).toEqual([
      `rules/providers/acme.yaml:${line}: acme-key: severity: must be one of: critical high medium low`,
    ]);
  });

  test('every problem is said, not the first alone', () => {
    expect(problems(ruleYaml({ kind: 'x', severity: 'x', confidence: 'x' }))).toHaveLength(3);
  });
});

describe('hostile files', () => {
  test('are not read beyond a size', () => {
    expect(problems(`#${'x'.repeat(MAX_FILE_BYTES)}\n`)).toEqual([
      `rules/providers/acme.yaml: larger than ${MAX_FILE_BYTES} bytes`,
    ]);
  });
  test('cannot nest lists and maps without end', () => {
    const deep = [`a: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`, `${'- '.repeat(20_000)}x\n`];
    for (const text of deep)
      expect(problems(text)).toEqual([
        expect.stringMatching(/^rules\/providers\/acme\.yaml:1: lists and maps are nested too deep$/),
      ]);
  });
  test('cannot multiply aliases', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 8; i++)
      bomb.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
    expect(problems(bomb.join('\n'))).toEqual([expect.stringMatching(/^rules\/providers\/acme\.yaml: .*alias/i)]);
  });
  test('cannot set a prototype', () => {
    expect(problems(`__proto__: {polluted: 1}\n${ruleYaml({})}`)[0]).toMatch(/unknown key __proto__/);
    expect('polluted' in {}).toBe(false);
  });
});
