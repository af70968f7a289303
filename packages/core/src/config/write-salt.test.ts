import { expect, test } from 'vitest';
import { ConfigError } from './error.ts';
import { parseConfig } from './parse.ts';
import { newSalt, withSalt } from './write-salt.ts';

const SALT = newSalt(Uint8Array.from({ length: 10 }, (_, i) => i * 7));
const saltOf = (text: string): string | undefined => parseConfig('c', text).config.project?.salt;

test('a salt has 80 bits, all of them from what is given', () => {
  expect(SALT).toMatch(/^[a-z2-7]{16}$/);
  expect(newSalt(new Uint8Array(10))).not.toBe(SALT);
});

test('a file that is not there yet is a whole configuration', () => {
  expect(withSalt('c', undefined, SALT)).toBe(`version: 1\nproject:\n  salt: ${SALT}\n`);
  expect(saltOf(withSalt('c', undefined, SALT))).toBe(SALT);
});

test('comments, order and everything else stay', () => {
  const before = '# ours\nversion: 1 # one\nseverity: high\n\n# of the project\nproject:\n  name: shop # the shop\n';
  const after = withSalt('c', before, SALT);
  expect(after).toBe(`${before}  salt: ${SALT}\n`);
  expect(saltOf(withSalt('c', 'version: 1\nseverity: low\n', SALT))).toBe(SALT);
});

test('a salt that is there is never replaced', () => {
  const before = 'version: 1\nproject: { salt: the-old-salt }\n';
  expect(withSalt('c', before, SALT)).toBe(before);
});

test('a file that cannot be used is not written to', () => {
  expect(() => withSalt('c', 'version: 2', SALT)).toThrow(ConfigError);
});
