import type { Log, Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import { HISTORY, commit, finding, gitSighting, ids, report } from '../../../../../test/support/reports.ts';
import { parseAs } from '../../../../../test/support/json.ts';
import { parseXml } from '../../../../../test/support/xml.ts';
import type { Report } from '../../types/report.ts';
import type { Sighting } from '../../types/sighting.ts';
import { reporterFor } from '../formats.ts';
import { gitleaksFingerprint, gitleaksRecords, type GitleaksOptions } from './records.ts';

function render(id: string, of: Report, gitleaks?: GitleaksOptions): string {
  return [...reporterFor(`gitleaks-${id}`, { gitleaks }).render(of)].join('');
}

function results(text: string): readonly Result[] {
  return parseAs<Log>(text).runs[0]?.results ?? [];
}

const at = { line: 5, column: 3, endLine: 5, endColumn: 13 };
const file: Sighting = { kind: 'file', path: 'a.env', ...at };

/** With its secret in clear: words, no token. */
function revealed(overrides: Partial<ReturnType<typeof finding>> = {}): Report {
  const secret = 'correct horse battery staple';
  return report({
    revealed: true,
    findings: [finding({ secret, context: `key = "${secret}"`, sightings: [file], ...overrides })],
  });
}

describe('gitleaks records', () => {
  it('have all fields in gitleaks names', () => {
    const [record] = gitleaksRecords(
      report({ findings: [finding({ sightings: [gitSighting({ path: 'a.env', ...at })] })] }),
    );
    expect(record).toEqual({
      RuleID: 'github-pat',
      Description: 'GitHub personal access token (classic)',
      StartLine: 5,
      EndLine: 5,
      StartColumn: 3,
      EndColumn: 12,
      Match: 'GITHUB_TOKEN=REDACTED',
      Secret: 'REDACTED',
      File: 'a.env',
      SymlinkFile: '',
      Commit: '1'.repeat(40),
      Entropy: 4.5849624,
      Author: 'Ada Lovelace',
      Email: 'someone@mail.invalid',
      Date: '2024-03-01T10:00:00Z',
      Message: 'change 1\n\nwith a body',
      Tags: ['vcs'],
      Fingerprint: `${'1'.repeat(40)}:a.env:github-pat:5`,
    });
    expect(Object.keys(record ?? {})).toEqual([
      ...[
        'RuleID',
        'Description',
        'StartLine',
        'EndLine',
        'StartColumn',
        'EndColumn',
        'Match',
        'Secret',
        'File',
        'SymlinkFile',
        'Commit',
      ],
      ...['Entropy', 'Author', 'Email', 'Date', 'Message', 'Tags', 'Fingerprint'],
    ]);
  });

  it('use the rule ids of gitleaks where it has the rule', () => {
    expect(gitleaksRecords(HISTORY).map((r) => r.RuleID)).toContain('aws-access-token');
    expect(gitleaksRecords(HISTORY).map((r) => r.RuleID)).not.toContain('aws-access-key');
    expect(gitleaksRecords(HISTORY).map((r) => r.RuleID)).toContain('private-key');
  });

  it('are one for each commit, path and line, and none for what is suppressed', () => {
    const sightings = [
      gitSighting({ path: 'a' }),
      gitSighting({ path: 'a', column: 60, endColumn: 90 }),
      gitSighting({ path: 'a', line: 13, endLine: 13 }),
      gitSighting({ path: 'a', ...commit('2', '2024-03-02T00:00:00Z') }),
      gitSighting({ path: 'b' }),
    ];
    expect(gitleaksRecords(report({ findings: [finding({ sightings })] }))).toHaveLength(4);
    expect(gitleaksRecords(HISTORY).map((r) => r.RuleID)).not.toContain('slack-webhook');
  });

  it('have the fingerprints that .gitleaksignore holds', () => {
    expect(gitleaksFingerprint(file, 'r')).toBe('a.env:r:5');
    expect(gitleaksFingerprint(gitSighting({ path: 'a.env', ...at }), 'r')).toBe(`${'1'.repeat(40)}:a.env:r:5`);
    expect(gitleaksFingerprint({ kind: 'staged', path: 'x', ...at }, 'r')).toBe('x:r:5');
  });

  it('write whole seconds, UTC', () => {
    const sighting = gitSighting({ ...commit('1', '2024-03-01T10:00:00.000Z') });
    expect(gitleaksRecords(report({ findings: [finding({ sightings: [sighting] })] }))[0]?.Date).toBe(
      '2024-03-01T10:00:00Z',
    );
  });

  it('say how a decoded secret was found', () => {
    expect(
      gitleaksRecords(report({ findings: [finding({ sightings: [{ ...file, decoded: ['base64', 'hex'] }] })] }))[0]
        ?.Tags,
    ).toEqual(['vcs', 'decoded:base64', 'decoded:hex', 'decode-depth:2']);
  });
});

describe('redaction', () => {
  it('is whole unless the report holds secrets and less is asked for', () => {
    for (const redact of [undefined, 0, 50, 100]) {
      const [record] = gitleaksRecords(report({ findings: [finding({ context: '' })] }), { redact });
      expect(record).toMatchObject({ Secret: 'REDACTED', Match: 'REDACTED' });
    }
    expect(gitleaksRecords(revealed())[0]).toMatchObject({ Secret: 'REDACTED', Match: 'key = "REDACTED"' });
  });

  it('shows everything at 0', () => {
    expect(gitleaksRecords(revealed(), { redact: 0 })[0]).toMatchObject({
      Secret: 'correct horse battery staple',
      Match: 'key = "correct horse battery staple"',
    });
  });

  it('shows the rest of the percentage from the start, rounding half to even, as gitleaks does', () => {
    expect(gitleaksRecords(revealed(), { redact: 75 })[0]).toMatchObject({
      Secret: 'correct...',
      Match: 'key = "correct..."',
    });
    expect(gitleaksRecords(revealed({ secret: 'abcde', context: 'abcde' }), { redact: 50 })[0]?.Secret).toBe('ab...');
    expect(gitleaksRecords(revealed({ secret: 'abcdefg', context: 'abcdefg' }), { redact: 50 })[0]?.Secret).toBe(
      'abcd...',
    );
    expect(gitleaksRecords(revealed(), { redact: 99 })[0]?.Secret).toBe('...');
  });

  it('hides every part, and a match that holds the secret in another form', () => {
    const parts = { id: 'battery', second: 'some other words' };
    const two = revealed({ parts, context: 'correct horse battery staple / some other words' });
    expect(gitleaksRecords(two)[0]?.Match).toBe('REDACTED / REDACTED');
    expect(gitleaksRecords(revealed({ context: 'Y29ycmVjdCBob3JzZQ' }))[0]?.Match).toBe('REDACTED');
    expect(gitleaksRecords(revealed({ context: 'REDACTED="correct horse battery staple"' }))[0]?.Match).toBe(
      'REDACTED="REDACTED"',
    );
  });

  it('hides the messages that hold a credential', () => {
    const message: Sighting = { kind: 'commit-message', path: '', ...at, ...commit('7', '2024-07-07T00:00:00Z') };
    const inTree = gitSighting({ ...commit('7', '2024-07-07T00:00:00Z') });
    const other = gitSighting({ path: 'z' });
    const messages = (of: Report): (string | undefined)[] => gitleaksRecords(of).map((r) => r.Message);
    expect(
      messages(
        report({ findings: [finding({ sightings: [message] }), finding({ id: 'other', sightings: [inTree, other] })] }),
      ),
    ).toEqual(['REDACTED', 'REDACTED', 'change 1\n\nwith a body']);
    // Sightings that are not listed may be in any message.
    expect(messages(report({ findings: [finding({ sightings: [other], sightingCount: 101 })] }))).toEqual(['REDACTED']);
  });
});

describe('gitleaks formats', () => {
  it('write nothing, or an empty list, when there is nothing', () => {
    expect(render('json', report())).toBe('[]\n');
    expect(render('csv', report())).toBe('');
    expect(render('verbose', report())).toBe('');
    expect(parseXml(render('junit', report())).children[0]?.attributes).toEqual({
      failures: '0',
      name: 'gitleaks',
      tests: '0',
      time: '',
    });
    expect(results(render('sarif', report()))).toEqual([]);
  });

  it('json is the records, indented by one space', () => {
    expect(render('json', HISTORY)).toBe(`${JSON.stringify(JSON.parse(render('json', HISTORY)), null, 1)}\n`);
    expect(JSON.parse(render('json', HISTORY))).toHaveLength(HISTORY.findings.flatMap((f) => f.sightings).length);
  });

  it('csv has the columns of gitleaks in its order', () => {
    const [header, row] = render('csv', report({ findings: [finding({ sightings: [file], tags: ['a', 'b'] })] })).split(
      '\n',
    );
    expect(header).toBe(
      'RuleID,Commit,File,SymlinkFile,Secret,Match,StartLine,EndLine,StartColumn,EndColumn,Author,Message,Date,Email,Fingerprint,Tags',
    );
    expect(row).toBe('github-pat,,a.env,,REDACTED,GITHUB_TOKEN=REDACTED,5,5,3,12,,,,,a.env:github-pat:5,a b');
  });

  it('junit has a failed case per record, with the record inside', () => {
    const suite = parseXml(render('junit', report({ findings: [finding({ sightings: [file, gitSighting()] })] })))
      .children[0];
    expect(suite?.attributes).toEqual({ failures: '2', name: 'gitleaks', tests: '2', time: '' });
    const [plain, inCommit] = suite?.children ?? [];
    expect(plain?.attributes).toMatchObject({
      file: 'a.env',
      name: 'github-pat has detected a secret in file a.env, line 5.',
    });
    expect(inCommit?.attributes['name']).toBe(
      `github-pat has detected a secret in file src/config.ts, line 12, at commit ${'1'.repeat(40)}.`,
    );
    expect(JSON.parse(plain?.children[0]?.text ?? '')).toMatchObject({
      RuleID: 'github-pat',
      File: 'a.env',
      Secret: 'REDACTED',
    });
  });

  it('sarif has what readers of gitleaks need, and no personal data or secret', () => {
    const text = render('sarif', revealed({ sightings: [gitSighting({ path: 'a b.env' })] }), { redact: 0 });
    const [result] = results(text);
    expect(result).toMatchObject({
      ruleId: 'github-pat',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a b.env' },
            region: { startLine: 12, snippet: { text: 'REDACTED' } },
          },
        },
      ],
      partialFingerprints: {
        commitSha: '1'.repeat(40),
        'unleakCredential/v1': ids.github,
        primaryLocationLineHash: `${ids.github}:1`,
      },
    });
    for (const absent of ['correct', 'Ada', 'mail.invalid', 'with a body']) expect(text).not.toContain(absent);
  });

  it('sarif gives a commitSha that is a string where there is no commit', () => {
    expect(results(render('sarif', report({ findings: [finding()] })))[0]?.partialFingerprints?.['commitSha']).toBe('');
  });

  it('verbose prints a block per record', () => {
    expect(
      render('verbose', report({ findings: [finding({ sightings: [gitSighting({ path: 'a.env', ...at })] })] })),
    ).toBe(
      [
        'Finding:     GITHUB_TOKEN=REDACTED',
        'Secret:      REDACTED',
        'RuleID:      github-pat',
        'Entropy:     4.584962',
        'Tags:        [vcs]',
        'File:        a.env',
        'Line:        5',
        `Commit:      ${'1'.repeat(40)}`,
        'Author:      Ada Lovelace',
        'Email:       someone@mail.invalid',
        'Date:        2024-03-01T10:00:00Z',
        `Fingerprint: ${'1'.repeat(40)}:a.env:github-pat:5`,
        '',
        '',
      ].join('\n'),
    );
    expect(
      render('verbose', report({ findings: [finding({ sightings: [{ kind: 'stdin', path: '', ...at }] })] })),
    ).toMatch(/Entropy: .*\n\n$/);
  });
});
