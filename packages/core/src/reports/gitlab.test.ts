import { describe, expect, it } from 'vitest';
import { parseAs } from '../../../../test/support/json.ts';
import { HISTORY, finding, ids, report } from '../../../../test/support/reports.ts';
import type { Report } from '../types/report.ts';
import { reporterFor, type ReporterOptions } from './formats.ts';
import { nameUuid } from './uuid.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface Vulnerability {
  readonly id: string;
  readonly name: string;
  readonly details: { readonly credential: { readonly value: string } };
  readonly location: { readonly commit: unknown };
  readonly flags?: unknown;
}

interface SecretReport {
  readonly version: string;
  readonly scan: { readonly status: string; readonly start_time: string; readonly messages: unknown };
  readonly vulnerabilities: readonly Vulnerability[];
}

interface QualityEntry {
  readonly description: string;
  readonly fingerprint: string;
  readonly severity: string;
}

function render(id: string, of: Report, options?: ReporterOptions): string {
  return [...reporterFor(id, options).render(of)].join('');
}

function secrets(of: Report, options?: ReporterOptions): SecretReport {
  return parseAs<SecretReport>(render('gitlab-secrets', of, options));
}

function quality(of: Report): readonly QualityEntry[] {
  return parseAs<readonly QualityEntry[]>(render('gitlab-codequality', of));
}

describe('gitlab secret detection', () => {
  it('has what the schema requires of the scan', () => {
    const { version, scan } = secrets(HISTORY, {
      gitlab: { startTime: new Date('2026-01-02T03:04:05.678Z'), endTime: new Date('2026-01-02T03:05:00Z') },
    });
    expect(version).toMatch(/^15\.\d+\.\d+$/);
    expect(scan).toMatchObject({
      type: 'secret_detection',
      status: 'failure',
      start_time: '2026-01-02T03:04:05',
      end_time: '2026-01-02T03:05:00',
      analyzer: { id: 'unleak', name: 'unleak', version: '0.1.0', vendor: { name: 'unleak' } },
      scanner: { id: 'unleak', name: 'unleak', version: '0.1.0', vendor: { name: 'unleak' } },
    });
    expect(scan.messages).toEqual([{ level: 'warn', value: 'not scanned, corrupt: object 9999999999' }]);
    expect(secrets(report()).scan.status).toBe('success');
  });

  it('is a function of the report where no time is given', () => {
    expect(secrets(HISTORY).scan.start_time).toBe('1970-01-01T00:00:00');
  });

  it('has one vulnerability per credential, with a UUID of its id', () => {
    const { vulnerabilities } = secrets(HISTORY);
    expect(vulnerabilities.map((v) => v.details.credential.value)).toEqual([
      ids.aws,
      ids.github,
      ids.key,
      ids.password,
      ids.generic,
    ]);
    for (const v of vulnerabilities) expect(v.id).toMatch(UUID);
    expect(new Set(vulnerabilities.map((v) => v.id)).size).toBe(5);
    expect(vulnerabilities[0]).toMatchObject({
      name: 'AWS access key',
      severity: 'Critical',
      identifiers: [
        { type: 'unleak_rule_id', value: 'aws-access-key' },
        { type: 'cwe', value: '798' },
      ],
      location: {
        file: 'deploy/run.sh',
        start_line: 12,
        end_line: 12,
        commit: { sha: '1'.repeat(40), author: 'Ada Lovelace', date: '2024-03-01T10:00:00Z' },
      },
    });
    expect(vulnerabilities[3]?.location.commit).toEqual({ sha: '0000000' });
    expect(vulnerabilities[4]?.flags).toMatchObject([{ type: 'flagged-as-likely-false-positive', origin: 'unleak' }]);
  });

  it('has no extract of the source, no mail address and no message', () => {
    const text = render('gitlab-secrets', HISTORY);
    for (const absent of ['raw_source_code_extract', 'mail.invalid', 'with a body', 'ghp_', 'REDACTED'])
      expect(text).not.toContain(absent);
  });

  it('keeps names within 255 characters', () => {
    expect(secrets(report({ findings: [finding({ title: 'x'.repeat(400) })] })).vulnerabilities[0]?.name).toHaveLength(
      255,
    );
  });
});

describe('gitlab code quality', () => {
  it('has an entry per credential, known by its id, at its place in HEAD', () => {
    const entries = quality(HISTORY);
    expect(entries.map((e) => `${e.severity} ${e.fingerprint}`)).toEqual([
      `blocker ${ids.aws}`,
      `blocker ${ids.github}`,
      `critical ${ids.key}`,
      `major ${ids.password}`,
      `info ${ids.generic}`,
    ]);
    expect(entries[1]).toMatchObject({
      check_name: 'github-pat',
      location: { path: 'src/config.ts', lines: { begin: 12 } },
    });
    expect(entries[1]?.description).toContain('Revoke it now');
    expect(quality(report())).toEqual([]);
  });
});

it('nameUuid is stable and its own for each name', () => {
  expect(nameUuid('a')).toMatch(UUID);
  expect(nameUuid('a')).toBe(nameUuid('a'));
  expect(nameUuid('a')).not.toBe(nameUuid('b'));
});
