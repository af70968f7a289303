import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { checksumGenerators, checksums } from './checksums.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const holds = (name: string, secret: string): boolean | undefined => checksums[name]?.(bytes(secret));
const of = (name: string, body: string): string | undefined => checksumGenerators[name]?.(bytes(body));

describe('base62 of CRC32', () => {
  // CRC32 of "123456789" is CBF43926 (the check value of the algorithm): 3421780262 = 3·62⁵ + 45·62⁴ + 35·62³ + 27·62² + 22·62 + 14.
  const check = '3jZRME';
  test('of the check value, by hand', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    const digit = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    expect([...check].reduce((n, c) => n * 62 + digit.indexOf(c), 0)).toBe(0xcbf43926);
    expect(of('github-crc32', 'ghp_123456789')).toBe(check);
    expect(of('npm-crc32', 'npm_123456789')).toBe(check);
    expect(of('vercel-crc32', 'vcp_123456789')).toBe(check);
    expect(of('wandb-crc32', '123456789')).toBe(check);
  });
  test('is padded on the left to six digits', () => {
    // A text whose CRC32 is small has leading zeros.
    let body = '';
    for (let i = 0; i < 100_000 && body === ''; i++) if (crc32(`${i}`) < 62 ** 4) body = `${i}`;
    expect(of('github-crc32', `ghp_${body}`)).toMatch(/^00.{4}$/);
  });
  test('the prefix is covered by some and not by others', () => {
    expect(of('github-crc32', 'gho_123456789')).toBe(of('github-crc32', 'ghp_123456789'));
    expect(of('deno-crc32', 'ddo_123456789')).not.toBe(of('deno-crc32', 'ddp_123456789'));
  });
});

test('hexadecimal and base36 of CRC32', () => {
  expect(of('atlassian-crc32', '123456789')).toBe('CBF43926');
  expect(of('gitlab-crc32', '123456789')).toBe((0xcbf43926).toString(36).padStart(7, '0'));
  const forty = '1'.repeat(40);
  expect(of('cloudflare-crc32', `cfut_${forty}`)).toBe(crc32(forty).toString(16).padStart(8, '0'));
  expect(of('cloudflare-crc32', `cfk_${forty}`)).toBe(of('cloudflare-crc32', `cfut_${forty}`));
  const glsa = `glsa_${'a'.repeat(32)}`;
  expect(Buffer.from(of('grafana-crc32', `${glsa}_`) ?? '', 'hex').readUInt32LE()).toBe(crc32(glsa));
  expect(of('zuplo-crc32', `zpka_${'a'.repeat(32)}_`)).toBe(crc32('a'.repeat(32)).toString(16).padStart(8, '0'));
  const body = 'b'.repeat(54);
  expect(Buffer.from(of('confluent-crc32', `cflt${body}`) ?? '', 'base64').readUInt32LE()).toBe(crc32(body));
});

describe('bech32', () => {
  // Test vectors of BIP-173.
  test.each([
    'A12UEL5L',
    'a12uel5l',
    'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw',
    'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w',
    '?1ezyfcl',
  ])('%s is right', (text) => {
    expect(holds('bech32', text)).toBe(true);
  });
  test.each([
    'A1G7SGD8',
    'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxq',
    'a12UEL5L',
    '10a06t8',
    '1qzzfhee',
    'li1dgmt3',
    'pzry9x0s0muk',
    'x1b4n0q5v',
  ])('%s is wrong', (text) => {
    expect(holds('bech32', text)).toBe(false);
  });
});

describe('every checksum', () => {
  const names = Object.keys(checksums).filter((name) => name !== 'bech32' && name !== 'github-pat-sha256');
  const alnum = fc.string({
    unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'),
    minLength: 60,
    maxLength: 90,
  });

  test.each(names)('%s accepts what it generates, and refuses it with any one character changed', (name) => {
    fc.assert(
      fc.property(alnum, fc.nat(), (body, at) => {
        const secret = body + (of(name, body) ?? '');
        expect(holds(name, secret)).toBe(true);
        // Some cover only a part, but the last character of the secret always counts.
        const i =
          name === 'confluent-crc32' || name === 'grafana-crc32' || name === 'zuplo-crc32'
            ? secret.length - 1
            : secret.length - 1 - (at % 40);
        const changed = secret.slice(0, i) + (secret[i] === '0' ? '1' : '0') + secret.slice(i + 1);
        expect(holds(name, changed)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('is false, and does not throw, for what is too short', () => {
    for (const name of Object.keys(checksums)) {
      for (const text of ['', 'a', 'ghp_', '1', 'x'.repeat(9)])
        expect([name, text, holds(name, text)]).toEqual([name, text, false]);
    }
  });

  test('of a fine-grained GitHub token stands before its last eight characters', () => {
    const head = `github_pat_${'A'.repeat(22)}_${'b'.repeat(43)}`;
    const sum = of('github-pat-sha256', head) ?? '';
    expect(sum).toMatch(/^[A-Z2-7]{8}$/);
    expect(holds('github-pat-sha256', `${head}${sum}${'c'.repeat(8)}`)).toBe(true);
    expect(holds('github-pat-sha256', `${head}${sum}${'d'.repeat(8)}`)).toBe(true);
    expect(holds('github-pat-sha256', `${head.slice(0, -1)}x${sum}${'c'.repeat(8)}`)).toBe(false);
    expect(holds('github-pat-sha256', `${head}${sum}${'c'.repeat(7)}`)).toBe(false);
  });
});
