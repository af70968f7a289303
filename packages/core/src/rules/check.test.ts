import { describe, expect, test } from 'vitest';
import { compile } from '../engine/regex.ts';
import type { Rule } from '../types/index.ts';
import { checkRules } from './check.ts';
import type { CheckOptions, CheckReport, FoundSecret } from './check.ts';
import { problemLine } from './problem.ts';
import { ruleYaml } from './test-rules.ts';

/** Every match in the text, without filters: what the patterns alone say. */
function scan(text: Uint8Array, rule: Rule): FoundSecret[] {
  const pattern = compile(rule.pattern);
  const found: FoundSecret[] = [];
  for (let from = 0; ;) {
    const match = pattern.search(text, from, text.length);
    if (match === undefined) return found;
    const { secret, ...parts } = match.groups;
    if (secret !== undefined) found.push({ secret, parts });
    from = Math.max(match.end, from + 1);
  }
}

const options: CheckOptions = { scan, gates: ['assignment'], rounds: 4 };

function check(text: string, more: Partial<CheckOptions> = {}, name = 'rules/providers/acme.yaml'): CheckReport {
  return checkRules([{ name, text }], { ...options, ...more });
}

const lines = (report: CheckReport): string[] => report.problems.map(problemLine);

test('a good file has no problems, and its rules are compiled', () => {
  const report = check(
    ruleYaml(
      {},
      {
        id: 'acme-open',
        pattern: '(?P<secret>acme_[0-9]{8,})',
        examples: { match: ['[[acme_{digit:20}]]'], noMatch: ['acme_'] },
      },
    ),
  );
  expect(lines(report)).toEqual([]);
  expect(report.ids).toEqual(['acme-key', 'acme-open']);
  expect(report.open).toEqual([{ id: 'acme-open', forward: 4096 }]);
  expect(report.rules.map((r) => r.id)).toEqual(['acme-key', 'acme-open']);
});

describe('examples', () => {
  const matching = (...match: string[]): string[] =>
    lines(check(ruleYaml({ examples: { match, noMatch: ['acme_'] } })));
  test.each([
    ['x=[[acme_{digit:7}]]', /: acme-key: match 1 \(x=\[\[acme_\{digit:7\}\]\]\): nothing is found$/],
    ['[[key_{digit:8}]]', /nothing is found, and it holds none of the keywords$/],
    ['[[x=acme_{digit:8}]]', /the secret is bytes 0-15, found is 2-15$/],
    ['[[acme_{digit:8}]] acme_{digit:8}', /the secret is bytes 0-13, found is 0-13 and 14-27$/],
    ['acme_{digit:8}', /marks no secret with \[\[…\]\]$/],
    ['[[acme_{digits:8}]]', /unknown placeholder \{digits:8\}$/],
  ])('%s', (template, problem) => {
    expect(matching(template)).toEqual([expect.stringMatching(problem)]);
  });

  test('each template is tried with several values, since one may be right by chance', () => {
    const [problem, ...others] = matching('[[acme_{[0-9x]:8}]]');
    expect(problem).toMatch(/nothing is found/);
    expect(others).toEqual([]);
    const rounds = (n: number): number =>
      lines(
        check(ruleYaml({ examples: { match: ['[[acme_{digit:7}{[0-9a-c]:1}]]'], noMatch: ['acme_'] } }), { rounds: n }),
      ).length;
    expect(rounds(60)).toBe(1);
  });

  test('a near miss that is found is a problem', () => {
    const report = check(
      ruleYaml({ examples: { match: ['[[acme_{digit:8}]]'], noMatch: ['acme_', 'see acme_{digit:8}'] } }),
    );
    expect(lines(report)).toEqual([
      expect.stringMatching(/: acme-key: noMatch 2 \(see acme_\{digit:8\}\): is found, bytes 4-17$/),
    ]);
  });

  test('the parts must be where they are marked', () => {
    const pattern = '(?P<id>[a-z]{4}) (?P<secret>acme_[0-9]{8})';
    const withParts = (match: string): string[] =>
      lines(check(ruleYaml({ pattern, examples: { match: [match], noMatch: ['acme_'] } })));
    expect(withParts('[[id|{lower:4}]] [[acme_{digit:8}]]')).toEqual([]);
    expect(withParts('{lower:3}[[id|{lower:1}]] [[acme_{digit:8}]]')).toEqual([
      expect.stringMatching(/the part id is bytes 3-4, found is 0-4$/),
    ]);
    const companions = [{ name: 'key', pattern: '(?P<secret>x)' }];
    expect(
      lines(check(ruleYaml({ companions, examples: { match: ['[[acme_{digit:8}]] [[key|x]]'], noMatch: ['acme_'] } }))),
    ).toEqual([expect.stringMatching(/the part key is not found$/)]);
  });
});

describe('ids', () => {
  test('begin with the provider in provider files, and the file is called after it', () => {
    expect(lines(check(ruleYaml({ id: 'other-key' })))).toEqual([
      expect.stringMatching(/other-key: the id does not begin with the provider, acme-$/),
    ]);
    expect(lines(check(ruleYaml({ id: 'other-key' }), {}, 'rules/families/x.yaml'))).toEqual([]);
    expect(lines(check(ruleYaml({}), {}, 'rules/providers/acne.yaml'))).toEqual([
      'rules/providers/acne.yaml:1: the provider is acme, so the file must be called acme.yaml',
    ]);
  });
  test('are unique over all files', () => {
    const files = ['rules/families/a.yaml', 'rules/families/b.yaml'].map((name) => ({ name, text: ruleYaml({}) }));
    expect(checkRules(files, options).problems.map(problemLine)).toEqual([
      'rules/families/b.yaml:4: acme-key: the id is already used in rules/families/a.yaml',
    ]);
  });
  test('are for ever once released', () => {
    expect(lines(check(ruleYaml({}), { releasedIds: ['acme-key', 'acme-old'] }))).toEqual([
      'rules/released-ids.txt: the released id acme-old is gone: ids are for ever',
    ]);
  });
});

describe('patterns and gates', () => {
  test('RE2 itself has the last word', () => {
    // Unknown to our parser is what Unicode calls it; RE2 knows no such script.
    expect(lines(check(ruleYaml({ pattern: '(?P<secret>acme_[0-9]{8})\\p{Klingon}?' })))).toEqual([
      expect.stringMatching(/acme-key: pattern: RE2 does not take this pattern/),
    ]);
  });
  test('a gate must be one that the engine has', () => {
    expect(lines(check(ruleYaml({ gate: 'assignments' })))).toEqual([
      expect.stringMatching(/acme-key: there is no gate assignments; known are: assignment$/),
    ]);
    expect(lines(check(ruleYaml({ gate: 'assignment' })))).toEqual([]);
  });
  test('what does not compile is said once, and the other rules are still checked', () => {
    const report = check(ruleYaml({ pattern: '(?P<secret>acme_' }, { id: 'acme-two' }));
    expect(lines(report)).toHaveLength(1);
    expect(report.rules.map((r) => r.id)).toEqual(['acme-two']);
  });
});

test('token-shaped text in a file is a problem, a template is none', () => {
  const token = ['acme', '12345678'].join('_');
  expect(lines(check(`# ${token}\n${ruleYaml({})}`))).toEqual([
    'rules/providers/acme.yaml:1: holds text that the rule acme-key finds: write it as a template',
  ]);
  expect(lines(check(`# ${token}\n${ruleYaml({ confidence: 'medium' })}`))).toEqual([]);
});
