import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ascii } from '../../bytes/ascii.ts';
import { isPlaceholder } from './placeholders.ts';

const placeholder = (text: string): boolean => isPlaceholder(ascii(text));

const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const randomText = (alphabet: string, min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: min, maxLength: max });

describe('what stands where a secret will be', () => {
  it.each([
    ['nothing', ''],
    ['a mask', '********'],
    ['a mask within a token', 'abcd****wxyz'],
    ['x for every byte', 'xxxx-xxxx-xxxx'],
    ['x after a prefix', 'ghp_' + 'x'.repeat(36)],
    ['one byte after a prefix', 'ghp_' + 'a'.repeat(36)],
    ['zeros', '0'.repeat(40)],
    ['two bytes in turn', '01'.repeat(16)],
    ['an ellipsis', 'AKIA...WXYZ'],
    ['a typographic ellipsis', 'sk-…'],
    ['bullets', '••••••'],
    ['angle brackets', '<your token>'],
    ['square brackets', '[PASSWORD]'],
    ['braces', '{password}'],
    ['a shell variable', '$DB_PASSWORD'],
    ['a positional parameter', '$1'],
    ['a doubled dollar', '$$password'],
    ['a PHP property', "$config['password']"],
    ['a braced variable', '${DB_PASSWORD:-none}'],
    ['an expression of a workflow', '${{ secrets.TOKEN }}'],
    ['a template', '{{ .Values.password }}'],
    ['a template around a part', 'prefix-{{token}}'],
    ['an ERB tag', '<%= ENV["KEY"] %>'],
    ['a Ruby interpolation', '#{password}'],
    ['a Python format', '%(password)s'],
    ['a format verb', 'token-%s'],
    ['an f-string', 'prefix_{value}'],
    ['a command substitution', '$(cat key)'],
    ['a Windows variable', '%PASSWORD%'],
    ['a wiki mark', '[[secret]]'],
    ['a CloudFormation reference', '!Ref Password'],
    ['escaped angle brackets', '&lt;token&gt;'],
    ['digits in order', '1234567890'],
    ['hexadecimal in order', '0123456789abcdef0123456789abcdef'],
    ['the alphabet after a prefix', `sk_live_${'abcdefghijklmnopqrstuvwxyz'.slice(0, 24)}`],
    ['letters and digits interleaved', 'a1b2c3d4e5f6g7h8'],
    ['a descending run', '9876543210'],
    ['the word example', ['AKIA', 'Q7PWZ3MXKD', 'EXAMPLE'].join('')],
    ['a hint to replace', 'your-api-key-here'],
    ['a hint in capitals', 'YOUR_ACCESS_TOKEN'],
    ['change me', 'changeme'],
    ['redacted', 'REDACTED'],
    ['the noun itself', 'password'],
    ['the noun between marks', '"secret"'],
    ['its own name', 'DB_PASSWORD'],
    ['its own name with hyphens', 'my-api-key'],
    ['its own name in title case', 'Api-Key'],
    ['its own name with a number', 'db_password2'],
    ['a hint with blanks', 'paste the value here'],
    ['null', 'null'],
  ])('%s', (_what, text) => {
    expect(placeholder(text)).toBe(true);
  });

  it.each([
    ['a bad password is still a password', 'hunter22'],
    ['so is one with a year', 'Summer2024!'],
    ['a short repetition among other bytes', 'aaab1c2d9z'],
    ['a password with dots', 'a.b.c.d.9.Q'],
    ['a password with a percent sign', 'Some%Words%1x'],
    ['a password with a brace', 'pa{ss}7w!q$'.replace('{ss}', '{s]s')],
    ['a password that begins with a dollar and has a mark', '$ecret!99'],
    ['words joined by a hyphen without a noun', 'open-sesame'],
    ['a word of the dictionary', 'peanuts'],
    ['four bytes in order are not enough', 'abcd9134zq'],
    ['a short token behind a prefix that is a noun', ['key', 'Kq7Zx2Wm9Rt4'].join('_')],
    ['letters of mixed case behind such a prefix', ['key', 'KqZxWmRtbPwd'].join('_')],
    ['hexadecimal that spells words', 'cafebabe:deadbeef'],
    ['a crypt hash', '$2y$10$N9qo8uLO'],
  ])('%s', (_what, text) => {
    expect(placeholder(text)).toBe(false);
  });
});

describe('for all inputs', () => {
  it('random tokens are not placeholders', () => {
    // Sampled without fast-check's bias: its edge cases (one letter repeated) are placeholders.
    const tokens = fc.sample(fc.noBias(randomText(BASE62, 20, 64)), { numRuns: 5000, seed: 7 });
    expect(tokens.filter(placeholder)).toEqual([]);
  });

  it('case and quotes make no difference to sample words', () => {
    fc.assert(
      fc.property(fc.constantFrom('password', 'changeme', 'null', 'secret', 'token'), fc.boolean(), (word, upper) => {
        const text = upper ? word.toUpperCase() : word;
        expect(placeholder(`'${text}'`)).toBe(true);
      }),
    );
  });

  it('any bytes get an answer', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => typeof isPlaceholder(bytes) === 'boolean'));
  });
});
