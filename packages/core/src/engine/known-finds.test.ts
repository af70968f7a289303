import { expect, test } from 'vitest';
import { createScanner } from './scanner.ts';
import { testRule, testRuleset } from './test-rules.ts';

const RULE = testRule({
  id: 'token',
  keywords: ['tok_'],
  pattern: '(?:(?P<user>[a-z]+):)?tok_(?P<secret>[0-9a-z.]{4,700})',
  minEntropy: 1,
  reach: { class: 'bounded', back: 16, forward: 800, stopAtNext: false, lines: 0 },
});

function founds(...texts: readonly string[]): readonly (object | undefined)[] {
  const scanner = createScanner(testRuleset(RULE));
  return texts.map((text) => scanner.scan(Buffer.from(text)).hits[0]?.found);
}

test('the same match in other surroundings is the same find', () => {
  const [first, second, third] = founds('a tok_1abc5 b', 'another text; tok_1abc5\n', 'x\n\ntok_1abc5');
  expect(first).toBeDefined();
  expect(second).toBe(first);
  expect(third).toBe(first);
});

test('one that differs in a byte, or in what its groups hold, is another one', () => {
  const [first, other, named, longer] = founds('a tok_1abc5 b', 'a tok_1abd5 b', 'ab:tok_1abc5', 'b:tok_1abc5');
  expect(new Set([first, other, named, longer]).size).toBe(4);
});

test('what was refused is refused again, and what was not is found', () => {
  const [refused, found, again, still] = founds('a tok_11111 b', 'a tok_1abc5 b', 'tok_11111 c', 'tok_1abc5 c');
  expect([refused, again]).toEqual([undefined, undefined]);
  expect(found).toBeDefined();
  expect(still).toBe(found);
});

test('long matches, and more of them than are kept, are found as well', () => {
  const long = `tok_1a${'b2'.repeat(300)}`;
  const scanner = createScanner(testRuleset(RULE));
  const secrets = (text: string): readonly string[] =>
    scanner.scan(Buffer.from(text)).hits.map((hit) => Buffer.from(hit.secret).toString());
  expect([...secrets(long), ...secrets(`x ${long}`)]).toEqual([long.slice(4), long.slice(4)]);
  for (let i = 0; i < 2500; i++) {
    const secret = `ab${i}.x`;
    expect(secrets(`a tok_${secret} b`)).toEqual([secret]);
    if (i % 7 === 0) expect(secrets(`tok_${secret}`)).toEqual([secret]);
  }
});

test('so many are kept, whatever rules they are of; then what came back is found anew', () => {
  const rules = Array.from({ length: 20 }, (_, i) => {
    const name = String.fromCharCode(97 + i);
    return testRule({ id: name, keywords: [`${name}ok_`], pattern: `${name}ok_(?P<secret>[0-9a-z.]{4,20})` });
  });
  const scanner = createScanner(testRuleset(...rules));
  const find = (text: string): object | undefined => scanner.scan(Buffer.from(text)).hits[0]?.found;
  const first = find('aok_first1');
  expect(first).toBeDefined();
  // The same slice would be answered by the memory of slices.
  expect(find('x aok_first1 y')).toBe(first);
  for (let i = 0; i < 17_000; i++) find(`${String.fromCharCode(97 + (i % 20))}ok_b${i}.x`);
  const again = find('z aok_first1 z');
  expect(again).toBeDefined();
  expect(again).not.toBe(first);
});
