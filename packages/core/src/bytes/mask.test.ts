import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../types/rule.ts';
import { ascii } from './ascii.ts';
import { mask } from './mask.ts';

/** Varied letters and digits of a stated length, none of them a token of anybody's. */
function body(length: number): string {
  const letters = 'Qw7Er2Ty9Ui4Op1As8Df3Gh6Jk5Lz0';
  return letters.repeat(Math.ceil(length / letters.length)).slice(0, length);
}

describe('mask', () => {
  it('shows a declared prefix and nothing else', () => {
    expect(mask(ascii(`acme_${body(30)}`), { kind: 'api-key', prefix: 'acme_' })).toBe('acme_****');
  });

  it('shows no prefix that the secret does not begin with', () => {
    expect(mask(ascii(body(30)), { kind: 'api-key', prefix: 'acme_' })).toBe('Qw7E****z0');
  });

  it('shows no prefix when too little stands behind it', () => {
    expect(mask(ascii(`acme_${body(8)}`), { kind: 'api-key', prefix: 'acme_' })).toBe('****');
  });

  it('takes no whole value for a prefix', () => {
    const secret = body(40);
    expect(mask(ascii(secret), { kind: 'api-key', prefix: secret.slice(0, 30) })).toBe(
      `${secret.slice(0, 4)}****${secret.slice(-2)}`,
    );
  });

  it('shows four and two bytes from 20 bytes on, two from 12 on, none below', () => {
    const shown = (length: number): string => mask(ascii(body(length)), { kind: 'api-key' });
    expect(shown(40)).toBe(`Qw7E****${body(40).slice(-2)}`);
    expect(shown(20)).toBe(`Qw7E****${body(20).slice(-2)}`);
    expect(shown(19)).toBe('Qw****');
    expect(shown(13)).toBe('Qw****');
    expect(shown(11)).toBe('****');
    expect(shown(0)).toBe('****');
  });

  it('shows less of a small alphabet: what stays hidden is worth 64 bits', () => {
    expect(mask(ascii('0123456789abcdef0123'), { kind: 'api-key' })).toBe('01****'); // 14 hidden hex digits would be 56 bits
    expect(mask(ascii('0123456789abcdef0123456789abcdef'), { kind: 'api-key' })).toBe('0123****ef');
    expect(mask(ascii('01234567890123456789'), { kind: 'api-key' })).toBe('****'); // 18 digits are 60 bits
    expect(mask(ascii(body(12)), { kind: 'api-key' })).toBe('****'); // 10 hidden letters and digits are 59 bits
  });

  it('shows nothing of passwords, however long and whatever prefix is declared', () => {
    expect(mask(ascii(body(60)), { kind: 'password', prefix: body(5) })).toBe('****');
    expect(mask(ascii(`postgres://u:${body(30)}@db/x`), { kind: 'database' })).toBe('****');
  });

  it('shows bytes that are not printable ASCII as dots', () => {
    const bytes = Uint8Array.of(0x1b, 0x0a, 0xff, 0x41, ...ascii(body(30)), 0x00, 0x42);
    expect(mask(bytes, { kind: 'private-key' })).toBe('...A****.B');
  });

  it('gives away at most six bytes or the prefix, and its length never', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(...KINDS), (secret, kind) => {
        const shown = mask(secret, { kind });
        expect(shown).toMatch(/^(.{0,4})\*{4}(.{0,2})$/);
        if (secret.length < 12) expect(shown).toBe('****');
        if (secret.length < 20) expect(shown.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});
