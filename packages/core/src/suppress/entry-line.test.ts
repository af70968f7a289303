import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatEntryLine, parseEntryLine } from './entry-line.ts';

test('words, fields and a remark', () => {
  expect(
    parseEntryLine('rule:a  path:"b c/**" reason="not \\"ours\\" \\\\ # yet" owner=ann until=2027-01-31 # see #7'),
  ).toEqual({
    words: ['rule:a', 'path:b c/**'],
    fields: { reason: 'not "ours" \\ # yet', owner: 'ann', until: '2027-01-31' },
    remark: 'see #7',
  });
});

test('blank lines and comments have no words', () => {
  for (const line of ['', '   ', '\t\r', '# a comment', '  # a comment'])
    expect(parseEntryLine(line)?.words).toEqual([]);
});

test('# within a word is part of it', () => {
  expect(parseEntryLine('a#b')).toEqual({ words: ['a#b'], fields: {}, remark: '' });
});

test('a backslash outside quotation marks is a backslash', () => {
  expect(parseEntryLine('a\\*b')?.words).toEqual(['a\\*b']);
});

test('a quotation that is not closed is an error', () => {
  expect(parseEntryLine('a reason="b')).toBeUndefined();
  expect(parseEntryLine('a reason="b\\"')).toBeUndefined();
});

test('what is written reads back as the same', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '#', '=', '\t', 'é', '*') }).map((s) => s.trim());
  const word = text.filter((s) => s !== '' && !['reason=', 'owner=', 'until='].some((f) => s.startsWith(f)));
  const entry = fc.record({
    words: fc.array(word, { minLength: 1, maxLength: 3 }),
    fields: fc.record({ reason: text, owner: text, until: text }, { requiredKeys: [] }),
    remark: text,
  });
  fc.assert(
    fc.property(entry, (one) => {
      expect(parseEntryLine(formatEntryLine(one))).toEqual(one);
    }),
  );
});

test('line feeds cannot make a second line', () => {
  const line = formatEntryLine({ words: ['a'], fields: { reason: 'b\nc1_x' }, remark: 'd\r\ne' });
  expect(line).toBe('a reason="b c1_x"  # d  e');
});
