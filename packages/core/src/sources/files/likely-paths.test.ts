import fc from 'fast-check';
import ignore from 'ignore';
import { expect, test } from 'vitest';
import { likelyPaths } from './likely-paths.ts';

const piece = fc.constantFrom(
  'a',
  'b',
  'ab',
  '*',
  '**',
  'a*',
  '*b',
  '*.b',
  '.a',
  'a.b',
  '?',
  '[ab]',
  '\\a',
  '!a',
  '#',
  ' ',
);
const pattern = fc
  .tuple(
    fc.constantFrom('', '/', '!', '!/', '**/'),
    fc.array(piece, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '/', '/**'),
  )
  .map(([start, pieces, end]) => start + pieces.join('/') + end);
const name = fc.constantFrom('a', 'b', 'ab', 'a.b', '.a', 'ba', '!a', '#');
const path = fc
  .tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '/'))
  .map(([names, end]) => names.join('/') + end);

/** Prefixes of a path that are directories, without itself. */
function above(path: string): readonly string[] {
  const names = path.split('/').filter((part) => part !== '');
  return names.slice(1).map((_, depth) => `${names.slice(0, depth + 1).join('/')}/`);
}

function lastOf(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? '';
}

test('a path that no pattern may match has no verdict, unless it is below one that is ignored', () => {
  let passed = 0;
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 5 }), path, (patterns, path) => {
      const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(patterns);
      fc.pre(!above(path).some((directory) => rules.ignores(directory)));
      const last = lastOf(path);
      const likely = above(path).reduce((outer, directory) => outer.below(directory), likelyPaths(patterns));
      if (likely.mayMatchName(last) && likely.mayMatch(path, last)) return;
      passed += 1;
      const { ignored, unignored } = rules.test(path);
      expect({ ignored, unignored }).toEqual({ ignored: false, unignored: false });
    }),
    { numRuns: 3000 },
  );
  expect(passed).toBeGreaterThan(100);
});

test.each([
  ['*.log', 'x/a.log', true],
  ['*.log', 'x/a.ts', false],
  ['/lib', 'lib/', true],
  ['/lib', 'src/lib/', false],
  ['packages/*/lib', 'packages/core/lib/', true],
  ['packages/*/lib', 'tools/core/lib/', false],
  ['.vscode/**', '.vscode/settings.json', true],
  ['.vscode/**', 'src/settings.json', false],
  ['**/deep/x', 'p/q/deep/x', true],
  ['!keep', 'a/keep', true],
  ['[ab]', 'anything', true],
])('%s and %s', (pattern, path, expected) => {
  const name = lastOf(path);
  expect(likelyPaths([pattern]).mayMatch(path, name)).toBe(expected);
});

test.each([
  ['*.log', 'x/', 'a.log', true],
  ['/lib', 'src/', 'lib', true],
  ['.vscode/**', 'src/', 'settings.json', false],
  ['.vscode/**', '.vscode/', 'settings.json', true],
  ['packages/core/*.js', 'packages/', 'a.js', true],
  ['packages/core/*.js', 'packages/core/deep/', 'a.js', true],
  ['packages/core/*.js', 'packages/cli/', 'a.js', false],
])('%s below %s, and the name %s', (pattern, directory, name, expected) => {
  expect(likelyPaths([pattern]).below(directory).mayMatchName(name)).toBe(expected);
});
