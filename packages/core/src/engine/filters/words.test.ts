import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ascii } from '../../bytes/ascii.ts';
import { wordScore } from './letter-pairs.ts';
import { looksLikeIdentifierOrWord } from './words.ts';

const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const wordy = (text: string): boolean => looksLikeIdentifierOrWord(ascii(text));

describe('values that read like code or prose', () => {
  it.each([
    ['a camel-case identifier', 'mainPictureBox2'],
    ['a class name', 'DeploymentPipelineS3ArtifactAccessRole'],
    ['a constant', 'WEBHOOK_SIGNATURE_HEADER'],
    ['words joined by hyphens', 'prod-database-credentials'],
    ['a dotted name', 'com.google.firebase.messaging'],
    ['member access with digits', 'ed25519.Ed25519PrivateKey'],
    ['an enumeration', 'SyntaxKind.EndOfFileToken'],
    ['a path', '/run/secrets/database_password'],
    ['a URL', 'https://corp.internal/oauth/token'],
    ['a Maven coordinate', 'org.slf4j.slf4j-api:jar:1.7.8'],
    ['a version', '1.7.8-SNAPSHOT'],
    ['a date', '2024-01-02T03:04:05Z'],
    ['a number', '1925483168813'],
    ['an address', '10.0.0.1:8080'],
    ['a UUID', '01234567-89ab-4cde-8f01-23456789abcd'],
    ['a cipher', 'AES/CBC/PKCS5Padding'],
    ['a media type', 'application/x-www-form-urlencoded'],
    ['a call', 'getenv("KEY")'],
    ['an index', 'config[name]'],
    ['a colour', '#ff00aa'],
    ['a phrase', 'enter a new value'],
    ['a format string', 'user:%s:session'],
    ['an acronym before a word', 'HTTPServerRequestHandler'],
    ['too little that is random', 'build-x7q'],
  ])('%s', (_what, text) => {
    expect(wordy(text)).toBe(true);
  });

  const pick = (alphabet: string, length: number): string =>
    fc.sample(fc.noBias(fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length })), {
      numRuns: 1,
      seed: 5,
    })[0] ?? '';

  it.each([
    ['base62', pick(BASE62, 20)],
    ['hexadecimal', pick('0123456789abcdef', 32)],
    ['letters without vowels', pick('bcdfghjklmnpqrstvwxz', 18)],
    ['base64 with marks', `${pick(BASE62, 8)}+${pick(BASE62, 14)}/${pick(BASE62, 7)}==`],
    ['a random part behind words', `production-key-${pick(BASE62, 16)}`],
    ['twelve bytes', pick(BASE62, 12)],
  ])('but not %s', (_what, text) => {
    expect(wordy(text)).toBe(false);
  });
});

describe('on random text', () => {
  const share = (alphabet: string, length: number): number => {
    let refused = 0;
    const runs = 2000;
    // Sampled without fast-check's bias: its edge cases (one letter repeated) are not random text.
    const text = fc.noBias(fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length }));
    for (const sample of fc.sample(text, { numRuns: runs, seed: 11 })) if (wordy(sample)) refused++;
    return refused / runs;
  };
  it.each([
    ['hexadecimal', '0123456789abcdef'],
    ['base62', BASE62],
    ['base32', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'],
    ['lower-case letters', 'abcdefghijklmnopqrstuvwxyz'],
  ])('%s of 20 bytes or more is taken for words in less than one of 100', (_what, alphabet) => {
    expect(share(alphabet, 20)).toBeLessThan(0.01);
    expect(share(alphabet, 40)).toBeLessThan(0.01);
  });
});

describe('wordScore', () => {
  it('is higher for words than for the same letters in another order', () => {
    for (const [word, other] of [
      ['password', 'wsdproas'],
      ['configuration', 'cgtnfuionaori'],
      ['secret', 'tcrees'],
    ] as const) {
      expect(wordScore(ascii(word))).toBeGreaterThan(wordScore(ascii(other)));
    }
  });
  it('is nothing for one letter', () => {
    expect(wordScore(ascii('a'))).toBe(0);
  });
});
