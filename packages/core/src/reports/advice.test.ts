import { describe, expect, it } from 'vitest';
import { commit, finding, gitSighting } from '../../../../test/support/reports.ts';
import { CONFIDENCES, KINDS, SEVERITIES } from '../types/rule.ts';
import { advise } from './advice.ts';

const removed = gitSighting({ inHead: false, branches: [], removed: commit('2', '2024-05-01T00:00:00Z') });

function withoutConsole() {
  const { console: _, ...rest } = finding();
  return rest;
}

describe('advise', () => {
  it('names the page where the credential is revoked', () => {
    expect(advise(finding())).toContain('Revoke it now at https://github.com/settings/tokens.');
    expect(advise(withoutConsole())).toContain('Revoke it now where it was issued.');
  });

  it('presses for severe and for live credentials only', () => {
    expect(advise(finding({ severity: 'high' }))).toContain('now');
    expect(advise(finding({ severity: 'medium' }))).not.toContain('now');
    expect(advise(finding({ severity: 'low', verdict: { state: 'live' } }))).toMatch(
      /^It works at this moment\. Revoke it now /,
    );
  });

  it('says that removing did not revoke', () => {
    expect(advise(finding({ sightings: [removed] }))).toContain('Removing it did not revoke it');
  });

  it('does not ask to revoke what was never committed before it asks to unstage it', () => {
    const staged = finding({
      sightings: [{ kind: 'staged', path: 'a', line: 1, column: 1, endLine: 1, endColumn: 2 }],
    });
    expect(advise(staged)).toMatch(/^It is not committed yet: take it out of the index/);
  });

  it('speaks of passwords, keys and databases in their own words', () => {
    expect(advise(finding({ kind: 'password' }))).toMatch(/^Change this password now/);
    expect(advise(finding({ kind: 'ssh-key' }))).toMatch(/^Make a new key pair now/);
    expect(advise(finding({ kind: 'database' }))).toMatch(/^Change the password of this database account now/);
    expect(advise(finding({ kind: 'certificate' }))).toMatch(/^Have the certificate revoked now/);
  });

  it('asks to look first where it is not sure', () => {
    expect(advise(finding({ confidence: 'low' }))).toBe(
      'If this is a real credential: revoke it now at https://github.com/settings/tokens. If it is not, mark the line with unleak:allow.',
    );
  });

  it('does not ask to revoke a dead one', () => {
    expect(advise(finding({ verdict: { state: 'dead' }, sightings: [removed] }))).toBe(
      'It no longer works: nothing is left to do.',
    );
    expect(advise(finding({ verdict: { state: 'dead' } }))).not.toMatch(/[Rr]evoke/);
  });

  it('says something short and whole for every kind, severity and confidence, and nothing of where it was', () => {
    for (const kind of KINDS) {
      for (const severity of SEVERITIES) {
        for (const confidence of CONFIDENCES) {
          const text = advise(
            finding({ kind, severity, confidence, sightings: [gitSighting({ path: 'SOMEWHERE', author: 'SOMEONE' })] }),
          );
          expect(text).toMatch(/^[A-Z].*\.$/);
          expect(text.length).toBeLessThan(300);
          expect(text).not.toMatch(/SOME/);
        }
      }
    }
  });
});
