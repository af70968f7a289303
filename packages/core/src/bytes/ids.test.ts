import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base32, credentialId, DEFAULT_SALT, fingerprint, isCredentialId, saltTag, tagOfId } from './ids.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('base32 gives the vectors of RFC 4648, lower case and unpadded', () => {
  const vectors = {
    '': '',
    f: 'my',
    fo: 'mzxq',
    foo: 'mzxw6',
    foob: 'mzxw6yq',
    fooba: 'mzxw6ytb',
    foobar: 'mzxw6ytboi',
  };
  for (const [plain, encoded] of Object.entries(vectors)) expect(base32(bytes(plain))).toBe(encoded);
});

test('an id is c1_, the tag of the salt, and 80 bits of HMAC(salt, canonicaliser, 0, bytes)', () => {
  const mac = createHmac('sha256', 'a salt').update('token\0value').digest().subarray(0, 10);
  const tag = base32(createHash('sha256').update('unleak/salt-tag/v1\0a salt').digest()).slice(0, 4);
  expect(credentialId('a salt', 'token', bytes('value'))).toBe(`c1_${tag}${base32(mac)}`);
});

test('ids never change: these were published', () => {
  expect(credentialId(DEFAULT_SALT, 'token', bytes('value'))).toBe('c1_orzfjuya25ipa6hs3amo');
  expect(credentialId(DEFAULT_SALT, 'token', bytes('value'), { name: 'password', repository: 'shop' })).toBe(
    'c1_orzf2osxj4r6eglppxdm',
  );
});

test('the tag that is known beforehand is the one that is computed', () => {
  const known = saltTag(DEFAULT_SALT);
  saltTag('another');
  expect(saltTag(DEFAULT_SALT)).toBe(known);
});

test('the same salt gives the same id, another salt another id with another tag', () => {
  const one = credentialId('one', 'token', bytes('value'));
  expect(credentialId('two', 'token', bytes('value'))).not.toBe(one);
  expect(credentialId('one', 'token', bytes('value'))).toBe(one);
  expect(tagOfId(one)).toBe(saltTag('one'));
  expect(saltTag('two')).not.toBe(saltTag('one'));
});

test('the canonicaliser, the name and the repository are part of the identity', () => {
  const ids = [
    credentialId('s', 'token', bytes('v')),
    credentialId('s', 'pair', bytes('v')),
    credentialId('s', 'token', bytes('v'), { name: '', repository: '' }),
    credentialId('s', 'token', bytes('v'), { name: 'a', repository: 'bc' }),
    credentialId('s', 'token', bytes('v'), { name: 'ab', repository: 'c' }),
    credentialId('s', 'token', bytes('va'), { name: '', repository: 'bc' }),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test('every id has the form of an id, and little else has', () => {
  fc.assert(
    fc.property(fc.string(), fc.uint8Array(), (salt, value) => {
      expect(isCredentialId(credentialId(salt, 'token', value))).toBe(true);
    }),
  );
  const id = credentialId('s', 'token', bytes('v'));
  for (const other of [
    '',
    'c1_',
    id.slice(0, -1),
    `${id}a`,
    id.toUpperCase(),
    id.replace('c1_', 'c2_'),
    `${id.slice(0, -1)}1`,
  ]) {
    expect(isCredentialId(other)).toBe(false);
    expect(tagOfId(other)).toBeUndefined();
  }
});

test('a fingerprint depends on the key of the user and is no credential id', () => {
  const key = new Uint8Array(32).fill(1);
  const one = fingerprint(key, 'token', bytes('value'));
  expect(one).toMatch(/^f1_[a-z2-7]{26}$/);
  expect(fingerprint(key, 'token', bytes('value'))).toBe(one);
  expect(fingerprint(new Uint8Array(32).fill(2), 'token', bytes('value'))).not.toBe(one);
  expect(fingerprint(key, 'pair', bytes('value'))).not.toBe(one);
});
