import { describe, expect, it } from 'vitest';
import { ascii, indexOfBytes } from '../bytes/ascii.ts';
import { gates } from './gates.ts';
import { gateHolds } from './test-placing.ts';

const assignmentGate = gates['assignment'] ?? 0;
const tokenGate = gates['assignment-token'] ?? 0;

function at(gate: number, keyword: string, text: string): boolean {
  const bytes = ascii(text);
  const start = indexOfBytes(bytes, ascii(keyword), 0, bytes.length);
  expect(start).toBeGreaterThanOrEqual(0);
  return gateHolds(gate, bytes, start, start + keyword.length, bytes.length);
}

describe('a password assignment passes', () => {
  it.each([
    'pass = "abcde"',
    'password: "abcde"',
    '"password": "abcde"',
    '\\"password\\": \\"abcde\\"',
    "'password' => 'abcde'",
    'password := `abcde`',
    'if password == "abcde":',
    'if password !== "abcde":',
    'config["password"] = "abcde"',
    'char password[25] = "abcde"',
    'password?: string = "abcde"',
    'var password string = "abcde"',
    'set_password("abcde")',
    'set_password(new String("abcde"))',
    'define("password", "abcde")',
    'getenv( "password", "abcde")',
    'password = process.env.PW || "abcde"',
    'password ->  "abcde"',
    'password->"abcde"',
    'password "abcde"',
    '<add key="password" value="abcde"/>',
    '<password>abcde</password>',
    'password=abcde',
    '  password:   abcde',
    'password:\n    "abcde"',
    'my_password_2-x = "abcde"',
  ])('%s', (text) => {
    expect(at(assignmentGate, 'pass', text)).toBe(true);
  });
});

describe('what is no assignment does not', () => {
  it.each([
    'compass north',
    'the password is wrong',
    'password',
    'password)',
    'foo(password, other)',
    '["password", "abcde"]',
    'password = ""',
    'password = "abc',
    'password:\n',
    'pass;word = "abcde"',
    'password + "abcde"',
    'password(other)',
    'setpassword("abcd")',
    'password !== other',
    'password str = default',
  ])('%s', (text) => {
    expect(at(assignmentGate, 'pass', text)).toBe(false);
  });
});

describe('for tokens the value must be longer', () => {
  it.each([
    'key = "0123456789"',
    'key=0123456789abcdef',
    'key: 0123456789abcdef==\n',
    '<key>0123456789abcdef</key>',
    '"key":"0123456789"',
  ])('%s', (text) => {
    expect(at(tokenGate, 'key', text)).toBe(true);
  });
  it.each([
    'key = "012345678"',
    'key=0123456789abcde',
    'key = getTokenFromRequest(x)',
    'key = some.value[0]',
    'key: "two words"',
  ])('%s', (text) => {
    expect(at(tokenGate, 'key', text)).toBe(false);
  });
});

it('reads nothing at or after the limit', () => {
  const bytes = ascii('password = "abcdefgh"');
  expect(gateHolds(assignmentGate, bytes, 0, 4, bytes.length)).toBe(true);
  expect(gateHolds(assignmentGate, bytes, 0, 4, 13)).toBe(false);
});
