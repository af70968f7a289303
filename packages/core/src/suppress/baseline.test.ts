import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileSighting } from '../../../../test/support/located.ts';
import { credentialId, saltTag } from '../bytes/ids.ts';
import { parseBaseline, writeBaseline } from './baseline.ts';
import { SuppressionError } from './error.ts';

const TAG = saltTag('s');
const idOf = (value: string): string => credentialId('s', 'token', Buffer.from(value));
const finding = (value: string, path = `src/${value}`): Parameters<typeof writeBaseline>[0][number] => ({
  id: idOf(value),
  ruleId: 'github-pat',
  sightings: [fileSighting(path)],
});
const HEADER = `# unleak baseline v1 salt=${TAG}`;

test('one line per credential, sorted by id, with rule and place as a remark', () => {
  const text = writeBaseline([finding('one'), finding('two')], { tag: TAG, prune: true });
  const ids = [idOf('one'), idOf('two')].sort();
  const name = (id: string | undefined): string => (id === idOf('one') ? 'one' : 'two');
  expect(text).toBe(`${HEADER}\n${ids.map((id) => `${id}  # github-pat src/${name(id)}\n`).join('')}`);
});

test('the same findings in any order give the same bytes, and what is written is read back', () => {
  const some = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 });
  fc.assert(
    fc.property(some, fc.infiniteStream(fc.nat()), (values, random) => {
      const findings = values.map((value) => finding(value));
      const shuffled = findings
        .map((one) => ({ one, at: Number(random.next().value) }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      const text = writeBaseline(findings, { tag: TAG, prune: true });
      expect(writeBaseline(shuffled, { tag: TAG, prune: true })).toBe(text);
      expect(new Set(parseBaseline('b', text, TAG).map(({ when }) => when.credentials?.[0]))).toEqual(
        new Set(findings.map(({ id }) => id)),
      );
      expect(writeBaseline(findings, { tag: TAG, prune: true, previous: text })).toBe(text);
    }),
  );
});

test('reasons, owners and dates stay; what is gone stays too, until it is pruned', () => {
  const previous = `${HEADER}\n${idOf('one')} reason="accepted by #7" until=2027-01-31  # old-rule old/path\n${idOf('gone')} owner=ann  # github-pat a\n`;
  const kept = writeBaseline([finding('one')], { tag: TAG, prune: false, previous });
  expect(kept).toContain(`${idOf('one')} reason="accepted by #7" until=2027-01-31  # github-pat src/one\n`);
  expect(kept).toContain(`${idOf('gone')} owner=ann  # github-pat a\n`);
  expect(writeBaseline([finding('one')], { tag: TAG, prune: true, previous })).not.toContain(idOf('gone'));
});

test('two branches whose lines were joined, in any order and twice over, read as both', () => {
  const a = writeBaseline([finding('one'), finding('two')], { tag: TAG, prune: true });
  const b = writeBaseline([finding('two'), finding('three')], { tag: TAG, prune: true });
  const ids = parseBaseline('b', b + a, TAG).flatMap(({ when }) => when.credentials ?? []);
  expect(new Set(ids)).toEqual(new Set([idOf('one'), idOf('two'), idOf('three')]));
});

test('a path cannot forge a line or reach a terminal as it is', () => {
  const text = writeBaseline([finding('one', `a\n${idOf('two')}\u001b[2J`)], { tag: TAG, prune: true });
  expect(parseBaseline('b', text, TAG)).toHaveLength(1);
  expect(text).toContain('a\\n');
  expect(text).not.toContain('\u001b');
});

test('no line number and no date is in it', () => {
  const one = { ...finding('one'), sightings: [fileSighting('a', 12345)] };
  expect(writeBaseline([one], { tag: TAG, prune: true })).not.toContain('12345');
});

test.each([
  ['test/**', 'begins with no credential id'],
  [`${idOf('one')} more`, 'a line of a baseline holds one credential id'],
  ['>>>>>>> main', 'a merge conflict is not resolved'],
])('%s is refused', (line, message) => {
  expect(() => parseBaseline('b', `${HEADER}\n${line}`, TAG)).toThrow(`b:2: ${message}`);
});

test('a baseline made with another salt is an error, never all new', () => {
  const text = writeBaseline([], { tag: saltTag('other'), prune: true });
  expect(() => parseBaseline('b', text, TAG)).toThrow(SuppressionError);
  expect(() => parseBaseline('b', text, TAG)).toThrow('made with another salt');
});
