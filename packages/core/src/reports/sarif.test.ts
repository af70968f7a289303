import type { Log, Result, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import { parseAs } from '../../../../test/support/json.ts';
import { HISTORY, finding, gitSighting, ids, report } from '../../../../test/support/reports.ts';
import type { Report } from '../types/report.ts';
import { reporterFor, type ReporterOptions } from './formats.ts';
import { sarifText } from './sarif-rules.ts';
import { uriPath } from './sarif.ts';

function run(of: Report, options?: ReporterOptions): Run {
  const log = parseAs<Log>([...reporterFor('sarif', options).render(of)].join(''));
  expect(log.version).toBe('2.1.0');
  const [only] = log.runs;
  if (only === undefined) throw new Error('no run');
  return only;
}

function result(of: Report, id: string): Result {
  const found = run(of).results?.find((r) => r.partialFingerprints?.['unleakCredential/v1'] === id);
  if (found === undefined) throw new Error(`no result for ${id}`);
  return found;
}

describe('sarif', () => {
  it('has one result per credential, suppressed ones included and marked', () => {
    const results = run(HISTORY).results ?? [];
    expect(results.map((r) => r.partialFingerprints?.['unleakCredential/v1'])).toEqual([
      ids.aws,
      ids.github,
      ids.key,
      ids.password,
      ids.generic,
      ids.webhook,
    ]);
    expect(results.map((r) => r.suppressions?.length)).toEqual([0, 0, 0, 0, 0, 1]);
    expect(results.at(-1)?.suppressions).toEqual([
      {
        kind: 'inSource',
        status: 'accepted',
        justification: 'unleak:allow; documentation sample; owner docs; until 2027-01-31',
      },
    ]);
  });

  it('points to the place in HEAD and relates the others', () => {
    const { locations, relatedLocations, properties } = result(HISTORY, ids.github);
    expect(locations?.map((l) => l.physicalLocation)).toEqual([
      {
        artifactLocation: { uri: 'src/config.ts', uriBaseId: '%SRCROOT%' },
        region: { startLine: 12, startColumn: 9, endLine: 12, endColumn: 49 },
      },
    ]);
    expect(relatedLocations?.map((l) => l.physicalLocation?.artifactLocation?.uri)).toContain('.env');
    expect(relatedLocations).toHaveLength(5);
    expect(properties?.['sightingCount']).toBe(102);
  });

  it('gives the line in HEAD, not that of the commit that brought it in', () => {
    const moved = gitSighting({ headPlace: { line: 30, column: 1, endLine: 31, endColumn: 5 } });
    const { locations } = result(report({ findings: [finding({ sightings: [moved] })] }), ids.github);
    expect(locations?.[0]?.physicalLocation?.region).toEqual({
      startLine: 30,
      startColumn: 1,
      endLine: 31,
      endColumn: 5,
    });
  });

  it('fingerprints by the credential alone: moving, renaming and masking change nothing', () => {
    const before = result(report({ findings: [finding()] }), ids.github);
    const moved = finding({
      secret: '****',
      context: '',
      sightings: [gitSighting({ path: 'elsewhere.ts', line: 99, endLine: 99 })],
    });
    expect(result(report({ findings: [moved] }), ids.github).partialFingerprints).toEqual(before.partialFingerprints);
    expect(before.partialFingerprints).toEqual({
      primaryLocationLineHash: `${ids.github}:1`,
      'unleakCredential/v1': ids.github,
    });
  });

  it('has no snippet, no author, no mail, no message, and neither mask nor secret', () => {
    const text = JSON.stringify(run(HISTORY));
    for (const absent of ['snippet', 'Ada', 'Grace', 'mail.invalid', 'with a body', 'ghp_', 'AKIA', 'REDACTED', 'fp-'])
      expect(text).not.toContain(absent);
  });

  it('grades by severity, and by confidence below medium', () => {
    const level = (id: string): string | undefined => result(HISTORY, id).level;
    expect([ids.github, ids.key, ids.password, ids.generic].map(level)).toEqual(['error', 'error', 'warning', 'note']);
    const rules = run(HISTORY).tool.driver.rules ?? [];
    const severity = (id: string): unknown => rules.find((rule) => rule.id === id)?.properties?.['security-severity'];
    expect(Number(severity('github-pat'))).toBeGreaterThan(9);
    expect(Number(severity('private-key'))).toBeGreaterThanOrEqual(7);
    expect(Number(severity('private-key'))).toBeLessThan(9);
    expect(Number(severity('generic-password'))).toBeGreaterThanOrEqual(4);
    expect(Number(severity('generic-secret'))).toBeLessThan(4);
  });

  it('has an index that points to the rule of each result', () => {
    const { results = [], tool } = run(HISTORY);
    for (const r of results) expect(tool.driver.rules?.[r.ruleIndex ?? -1]?.id).toBe(r.ruleId);
  });

  it('says that a scan failed and what could not be read', () => {
    const [invocation] = run(HISTORY).invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications?.map((n) => [n.level, n.message.text].join(' '))).toEqual([
      'error corrupt: object 9999999999 (bad zlib header)',
      'note 1 not scanned by policy: binary',
      'note 4 not scanned by policy: too-large',
    ]);
    expect(run(report()).invocations?.[0]?.executionSuccessful).toBe(true);
  });

  it('carries the category of the run when it is told one', () => {
    expect(run(HISTORY).automationDetails).toBeUndefined();
    expect(run(HISTORY, { sarif: { category: 'unleak/history' } }).automationDetails).toEqual({
      id: 'unleak/history/',
    });
  });

  it('keeps scanned text from becoming links or placeholders', () => {
    expect(sarifText('[a](b) {0} \\')).toBe('\\[a\\](b) {{0}} \\\\');
  });
});

it('uriPath is a relative reference that decodes to the path', () => {
  expect(uriPath('a b/c%d#e?f:g\\h')).toBe('a%20b/c%25d%23e%3Ff%3Ag%5Ch');
  for (const path of ['src/ü.ts', '日本/x y.ts', 'plain-1.2_3~.ts', '(app)/[id]/page.tsx']) {
    expect(decodeURIComponent(uriPath(path))).toBe(path);
    expect(new URL(uriPath(path), 'file:///root/').pathname.startsWith('/root/')).toBe(true);
  }
});
