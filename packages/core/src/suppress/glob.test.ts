import fc from 'fast-check';
import picomatch from 'picomatch';
import { expect, test } from 'vitest';
import { compileGlobs, GlobError } from './glob.ts';

const match = (glob: string, path: string): boolean => compileGlobs([glob])(path);

test.each([
  ['src/*.ts', 'src/a.ts', true],
  ['src/*.ts', 'src/x/a.ts', false],
  ['src/**/*.ts', 'src/a.ts', true],
  ['src/**/*.ts', 'src/x/y/a.ts', true],
  ['src/**', 'src/x/.env', true],
  ['src/**', 'src', false],
  ['**/.npmrc', '.npmrc', true],
  ['**/.npmrc', 'a/b/.npmrc', true],
  ['**/.npmrc', 'a/b/x.npmrc', false],
  ['*.lock', 'a/b/yarn.lock', true],
  ['yarn.lock', 'yarn.lock/a', false],
  ['/yarn.lock', 'a/yarn.lock', false],
  ['/yarn.lock', 'yarn.lock', true],
  ['./a/b', 'a/b', true],
  ['vendor/', 'x/vendor/y/z.js', true],
  ['vendor/', 'vendored/z.js', false],
  ['/vendor/', 'x/vendor/z.js', false],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[^a-c]x', 'dx', true],
  ['[]a]', ']', true],
  ['[a-]', '-', true],
  ['*.{yml,yaml}', 'a/ci.yaml', true],
  ['{a,b/{c,d}}/e', 'b/d/e', true],
  ['{a}', '{a}', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'axb', false],
  ['\\{a,b}', '{a,b}', true],
  ['A', 'a', false],
  ['**', 'any/thing', true],
  ['**', '', false],
  ['*', '', false],
])('%s on %s: %s', (glob, path, expected) => {
  expect(match(glob, path)).toBe(expected);
});

test('agrees with picomatch, which backtracks, on patterns and paths of every shape', () => {
  const piece = fc.constantFrom('a', 'b', '.', '*', '?', '[ab]', '[^a]', '{a,bb}', '{a*,?}');
  const segment = fc.oneof(
    fc.constant('**'),
    fc.array(piece, { minLength: 1, maxLength: 4 }).map((p) => p.join('')),
  );
  const glob = fc
    .array(segment, { minLength: 2, maxLength: 5 })
    .map((s) => s.filter((x, i) => x !== '**' || s[i - 1] !== '**').join('/'));
  const name = fc.array(fc.constantFrom('a', 'b', 'c', '.'), { minLength: 1, maxLength: 4 }).map((s) => s.join(''));
  const usable = (text: string): boolean =>
    text.split('/').every((s) => s !== '.' && s !== '..' && (s === '**' || !s.includes('**')));
  const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((s) => s.join('/'));
  fc.assert(
    fc.property(
      glob.filter((text) => usable(text) && text.split('{').length < 8),
      path.filter(usable),
      (pattern, text) => {
        // Whether a closing `**` takes nothing depends, there, on what stands before it. Here it never does, as in .gitignore.
        const oracle = picomatch(pattern.replace(/\*\*$/, '**/*'), { dot: true, noextglob: true, nonegate: true });
        expect(match(pattern, text)).toBe(oracle(text));
      },
    ),
    { numRuns: 3000 },
  );
});

test('many stars on a long name that never matches still end', () => {
  expect(match(`**/${'*a'.repeat(200)}*b`, `x/${'a'.repeat(4000)}`)).toBe(false);
  expect(match(`${'**/a/'.repeat(100)}b`, `${'a/'.repeat(1000)}c`)).toBe(false);
});

test('a list matches when one of its patterns does, and an empty list never', () => {
  expect(compileGlobs(['*.a', '*.b'])('x.b')).toBe(true);
  expect(compileGlobs([])('x.b')).toBe(false);
});

test.each([
  ['', 'a glob must not be empty'],
  ['!a', '!a: a glob cannot be negated with !'],
  ['a[b', 'a[b: [ is never closed'],
  ['[[:alpha:]]', '[[:alpha:]]: named classes such as [:alpha:] are not supported'],
  ['{a,b}'.repeat(9), `${'{a,b}'.repeat(9)}: more than 256 alternatives`],
])('%s is refused: %s', (glob, message) => {
  expect(() => compileGlobs([glob])).toThrow(new GlobError(message));
});
