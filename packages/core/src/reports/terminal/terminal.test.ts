import { describe, expect, it } from 'vitest';
import {
  EMPTY,
  HISTORY,
  STAGED,
  commit,
  finding,
  gitSighting,
  ids,
  report,
} from '../../../../../test/support/reports.ts';
import type { Report } from '../../types/report.ts';
import { reporterFor } from '../formats.ts';
import type { TerminalOptions } from './terminal.ts';

function render(of: Report, terminal: Partial<TerminalOptions> = {}): string {
  return [...reporterFor('terminal', { terminal }).render(of)].join('');
}

const ESC = String.fromCharCode(0x1b);

describe('terminal', () => {
  it('says that nothing was found, and how much was read', () => {
    expect(render(EMPTY)).toBe('the files of project\n\nNo credentials found; 0 texts, 0 bytes scanned.\n');
  });

  it('shows each credential once, most severe first', () => {
    const text = render(HISTORY);
    const order = [ids.aws, ids.github, ids.key, ids.password].map((id) => text.indexOf(`id          ${id}`));
    expect(order.every((position) => position > 0)).toBe(true);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    for (const id of [ids.aws, ids.github]) expect(text.split(`id          ${id}`)).toHaveLength(2);
  });

  it('says where, who, when, whether it is there, and what to do', () => {
    const removed = gitSighting({
      path: 'a/b.ts',
      line: 7,
      column: 3,
      inHead: false,
      branches: [],
      last: commit('2', '2024-03-02T23:59:59Z', 'Grace Hopper'),
      removed: commit('3', '2024-03-03T00:00:00Z', 'Alan Turing'),
    });
    expect(render(report({ findings: [finding({ sightings: [removed] })] }), { width: 300 })).toContain(
      [
        'CRITICAL  GitHub personal access token (classic)',
        '  secret      ghp_**** (40 bytes, held by github_token)',
        '  match       GITHUB_TOKEN=REDACTED',
        '  where       a/b.ts:7:3, removed 2024-03-03 by Alan Turing in 3333333333',
        '  first seen  2024-03-01 by Ada Lovelace in 1111111111',
        '  last seen   2024-03-02 by Grace Hopper in 2222222222',
        '  removed     2024-03-03 by Alan Turing in 3333333333',
        '  status      was removed from HEAD, but is still in the history',
        '  next        Revoke it now at https://github.com/settings/tokens. Removing it did not revoke it: whoever has the history has the credential.',
        `  id          ${ids.github}, rule github-pat`,
        '',
        '',
      ].join('\n'),
    );
  });

  it('lists present places first, five at most, and counts the others exactly', () => {
    const text = render(HISTORY);
    const where = text.slice(text.indexOf('  where       notes.txt'), text.indexOf('and 97 more places'));
    expect(
      where
        .trimEnd()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      'where       notes.txt:12:9, inside base64',
      'src/config.ts:12:9, in HEAD',
      'unreachable object cccccccccc, line 12',
      'message of commit 4444444444, line 2',
      'message of tag v1.0, line 1',
    ]);
  });

  it('collapses low confidence to one count with the option that shows it', () => {
    expect(render(HISTORY)).toContain('1 low-confidence finding not shown; show it with --confidence low.\n');
    expect(render(HISTORY)).not.toContain(ids.generic);
    const all = render(HISTORY, { showLow: true });
    expect(all).toContain(ids.generic);
    expect(all).toContain('LOW  Secret in an assignment (low confidence)');
    expect(all).not.toContain('not shown');
  });

  it('counts what was suppressed and lists entries that do nothing any more', () => {
    const text = render(HISTORY);
    expect(text).toContain('1 credential suppressed: 1 by inline comments.\n');
    expect(text).not.toContain(ids.webhook);
    expect(text).toContain(
      `Suppressions that have expired and count no more:\n  .unleakignore:4: ${ids.aws} (until 2024-01-01)\n`,
    );
    expect(text).toContain(
      'Suppressions that matched nothing:\n  .gitleaksignore:2: old/path.js:generic-api-key:7 (moved)\n',
    );
  });

  it('counts what was not scanned, failures apart, and shows the first few', () => {
    expect(render(HISTORY)).toContain(
      [
        'Could not be scanned: 1 (corrupt 1)',
        '  corrupt: object 9999999999 (bad zlib header)',
        'Not scanned by policy: 5 (binary 1, too-large 4)',
        '  binary: assets/logo.png',
        '  too-large: dump.sql (312 MB, 4 objects)',
        '',
      ].join('\n'),
    );
    const many = Array.from(
      { length: 30 },
      (_, i) => ({ state: 'excluded', reason: 'binary', where: `f${i + 10}` }) as const,
    );
    expect(render(report({ notScanned: many }))).toContain(
      'Not scanned by policy: 30 (binary 30)\n  binary: f10\n  binary: f11\n  binary: f12\n  and 27 more\n',
    );
  });

  it('ends with one line that says what was found and whether that is all', () => {
    const last = (of: Report): string | undefined => render(of).trimEnd().split('\n').at(-1);
    expect(last(HISTORY)).toBe(
      '5 credentials found (2 critical, 1 high, 1 medium, 1 low), 1 of them of low confidence; 1,234 texts, 5.6 MB scanned; the scan is incomplete.',
    );
    expect(last(STAGED)).toBe('1 credential found (1 critical); 3 texts, 812 bytes scanned.');
    expect(last(report({ summary: { interrupted: true, complete: false } }))).toBe(
      'No credentials found; 1,234 texts, 5.6 MB scanned; interrupted: the rest was not scanned.',
    );
  });

  it('wraps sentences at the width and leaves paths whole', () => {
    const long = `${'d/'.repeat(60)}x.ts`;
    const text = render(report({ findings: [finding({ sightings: [gitSighting({ path: long })] })] }), { width: 60 });
    expect(text).toContain(`${long}:12:9, in HEAD`);
    const next = text.slice(text.indexOf('  next'), text.indexOf('  id '));
    expect(next.split('\n').length).toBeGreaterThan(3);
    for (const line of next.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('colours only when asked, and changes nothing else', () => {
    const plain = render(HISTORY);
    const coloured = render(HISTORY, { colour: true });
    expect(plain).not.toContain(ESC);
    expect(coloured).toContain(`${ESC}[1;31mCRITICAL${ESC}[0m`);
    expect(
      coloured
        .split(ESC)
        .map((part, i) => (i === 0 ? part : part.slice(part.indexOf('m') + 1)))
        .join(''),
    ).toBe(plain);
  });
});
