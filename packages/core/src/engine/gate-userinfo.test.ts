import { expect, it } from 'vitest';
import { ascii } from '../bytes/ascii.ts';
import { gates } from './gates.ts';
import { gateHolds } from './test-placing.ts';

const passes = (text: string): boolean => {
  const bytes = ascii(text);
  const end = text.indexOf('//') + 2;
  return gateHolds(gates['userinfo'] ?? 0, bytes, 0, end, bytes.length);
};

it.each(['https://a:b@host', 'https://a@b:c@host', 'https://:b@host', 'https://a:b\u0001c@host'])(
  '%j has user and password',
  (text) => {
    expect(passes(text)).toBe(true);
  },
);

it.each([
  'https://host',
  'https://host:8080/a@b',
  'https://user@host:80',
  'https://host:80 a@b',
  '"https://host:80"@x',
  'https://a:b',
])('%j has not', (text) => {
  expect(passes(text)).toBe(false);
});
