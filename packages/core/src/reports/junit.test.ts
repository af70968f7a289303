import { describe, expect, it } from 'vitest';
import { HISTORY, finding, report } from '../../../../test/support/reports.ts';
import { parseXml, type Element } from '../../../../test/support/xml.ts';
import type { Report } from '../types/report.ts';
import { DEFAULT_FAIL_POLICY, type FailPolicy } from './exit-code.ts';
import { junitReporter } from './junit.ts';

function suite(of: Report, policy?: Partial<FailPolicy>): Element {
  const root = parseXml([...junitReporter({ ...DEFAULT_FAIL_POLICY, ...policy }).render(of)].join(''));
  expect(root.name).toBe('testsuites');
  const [first] = root.children;
  if (first === undefined) throw new Error('no suite');
  return first;
}

const outcomes = (element: Element): (string | undefined)[] =>
  element.children.map((testCase) => testCase.children[0]?.name);

describe('junit', () => {
  it('has one passed case when nothing was found', () => {
    const empty = suite(report());
    expect(empty.attributes).toMatchObject({ tests: '1', failures: '0', errors: '0', skipped: '0' });
    expect(outcomes(empty)).toEqual([undefined]);
  });

  it('fails what fails the run, skips the rest, and calls an incomplete scan an error', () => {
    const history = suite(HISTORY);
    expect(history.attributes).toMatchObject({ tests: '7', failures: '4', errors: '1', skipped: '2' });
    expect(outcomes(history)).toEqual(['error', 'failure', 'failure', 'failure', 'failure', 'skipped', 'skipped']);
    expect(history.children[0]?.children[0]?.text).toContain('corrupt: object 9999999999 (bad zlib header)');
    expect(history.children[6]?.children[0]?.attributes['message']).toBe(
      'suppressed by inline (unleak:allow): documentation sample',
    );
  });

  it('follows the policy of the run', () => {
    expect(suite(HISTORY, { failOn: 'low' }).attributes['failures']).toBe('5');
    expect(suite(HISTORY, { failOn: 'medium', minSeverity: 'critical' }).attributes['failures']).toBe('2');
    expect(suite(HISTORY, { failOn: 'none' }).attributes['failures']).toBe('0');
  });

  it('says in a failure what was found, where, and what to do', () => {
    const text = suite(HISTORY).children[1]?.children[0]?.text ?? '';
    expect(text).toContain('secret: ghp_****');
    expect(text).toContain(`at: .env:3:1 in 1111111111`);
    expect(text).toContain('places: 102');
    expect(text).toContain('next: Revoke it now at https://github.com/settings/tokens.');
  });

  it('escapes markup', () => {
    const at = { line: 1, column: 1, endLine: 1, endColumn: 2 };
    const parsed = suite(
      report({
        findings: [finding({ title: '<a b="c">&\'', sightings: [{ kind: 'file', path: 'x<&>"\'.js', ...at }] })],
      }),
    );
    expect(parsed.children[1]?.attributes['file']).toBe('x<&>"\'.js');
    expect(parsed.children[1]?.children[0]?.attributes['message']).toBe('critical: <a b="c">&\'');
  });
});
