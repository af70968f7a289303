import { describe, expect, it } from 'vitest';
import { parseAs } from '../../../../test/support/json.ts';
import { HISTORY, finding, gitSighting, ids, report } from '../../../../test/support/reports.ts';
import type { Report } from '../types/report.ts';
import { reporterFor } from './formats.ts';

function render(id: string, of: Report): string {
  return [...reporterFor(id).render(of)].join('');
}

type Fields = Readonly<Record<string, unknown>>;

interface Whole extends Fields {
  readonly findings: readonly Fields[];
  readonly suppressed: readonly Fields[];
  readonly notScanned: readonly Fields[];
  readonly summary: Fields;
}

function lines(text: string): readonly Fields[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => parseAs<Fields>(line));
}

describe('json', () => {
  it('says of each credential what and where it is', () => {
    const parsed = parseAs<Whole>(render('json', HISTORY));
    expect(parsed.findings.map((f) => f['id'])).toEqual([ids.aws, ids.github, ids.key, ids.password, ids.generic]);
    expect(parsed.findings[0]).toMatchObject({
      ruleId: 'aws-access-key',
      provider: 'aws',
      title: 'AWS access key',
      severity: 'critical',
      confidence: 'high',
      fingerprint: 'fp-aws',
      secret: 'AKIA****',
      parts: { secretAccessKey: 'wJ****EY' },
      verdict: { state: 'unverified' },
      present: false,
      sightings: [
        {
          kind: 'git',
          path: 'deploy/run.sh',
          line: 12,
          column: 9,
          commit: '1'.repeat(40),
          author: 'Ada Lovelace',
          date: '2024-03-01T10:00:00Z',
          inHead: false,
          removed: { commit: '3'.repeat(40), author: 'Grace Hopper', date: '2024-05-03T08:30:00Z' },
        },
      ],
    });
    expect(parsed.suppressed[0]).toMatchObject({
      id: ids.webhook,
      suppressed: { by: 'inline', reason: 'documentation sample', until: '2027-01-31' },
    });
    expect(parsed.notScanned.map((e) => e['state'])).toEqual(['failed', 'excluded', 'excluded']);
    expect(parsed.summary).toMatchObject({ findings: 5, lowConfidence: 1, suppressed: 1, complete: false });
  });

  it('is indented like JSON.stringify', () => {
    const text = render('json', HISTORY);
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  });

  it('holds neither mail addresses nor commit messages', () => {
    for (const id of ['json', 'jsonl']) {
      const text = render(id, report({ findings: [finding({ sightings: [gitSighting({ last: gitSighting() })] })] }));
      expect(text).not.toContain('mail.invalid');
      expect(text).not.toContain('with a body');
    }
  });

  it('drops members that no type names', () => {
    const more = { ...finding(), raw: 'PLANTED', sightings: [{ ...gitSighting(), excerpt: 'PLANTED' }] };
    expect(render('json', report({ findings: [more] }))).not.toContain('PLANTED');
  });
});

describe('jsonl', () => {
  it('has a typed object per line and one summary, last', () => {
    const all = lines(render('jsonl', HISTORY));
    const types = ['finding', 'finding', 'finding', 'finding', 'finding', 'suppressed'];
    expect(all.map((line) => line['type'])).toEqual([...types, 'notScanned', 'notScanned', 'notScanned', 'summary']);
    expect(all.at(-1)).toMatchObject({ findings: 5, tool: { name: 'unleak' }, revealed: false });
  });

  it('says the same as json', () => {
    const { findings, suppressed, notScanned, summary, ...head } = parseAs<Whole>(render('json', HISTORY));
    expect(lines(render('jsonl', HISTORY))).toEqual([
      ...findings.map((fields) => ({ type: 'finding', ...fields })),
      ...suppressed.map((fields) => ({ type: 'suppressed', ...fields })),
      ...notScanned.map((fields) => ({ type: 'notScanned', ...fields })),
      { type: 'summary', ...head, ...summary },
    ]);
  });
});

describe('csv', () => {
  it('has a header always, and a row for each place of each finding', () => {
    const rows = render('csv', HISTORY).trimEnd().split('\n');
    expect(rows).toHaveLength(1 + HISTORY.findings.reduce((sum, f) => sum + f.sightings.length, 0));
    expect(rows[0]).toMatch(/^id,rule,title,provider,kind,severity,/);
    expect(rows.find((row) => row.startsWith(ids.aws))).toBe(
      `${ids.aws},aws-access-key,AWS access key,aws,api-key,critical,high,unverified,AKIA****,git,deploy/run.sh,12,9,${'1'.repeat(40)},Ada Lovelace,2024-03-01T10:00:00Z,false,fp-aws`,
    );
    expect(render('csv', report()).trimEnd().split('\n')).toHaveLength(1);
  });
});
