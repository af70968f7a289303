import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { credentialId, saltTag } from '../bytes/ids.ts';
import { readSuppressionFiles } from './read-files.ts';

const TAG = saltTag('s');
const ID = credentialId('s', 'token', Buffer.from('value'));
const sha1 = createHash('sha1').update('some value').digest('hex');
const read = (
  kind: 'ignore-file' | 'gitleaks-ignore' | 'baseline',
  text: string,
): ReturnType<typeof readSuppressionFiles> => readSuppressionFiles([{ kind, name: 'f', text }], TAG);

test('each kind of file is read as what it is', () => {
  expect(read('ignore-file', 'test/**').entries).toMatchObject([{ by: 'ignore-file', when: { paths: ['test/**'] } }]);
  expect(read('gitleaks-ignore', 'a:rule:1\nx').places).toMatchObject([{ by: 'ignore-file', text: 'a:rule:1' }]);
  expect(read('gitleaks-ignore', 'a:rule:1\nx').problems).toHaveLength(1);
  expect(read('baseline', ID).entries).toMatchObject([{ by: 'baseline', when: { credentials: [ID] } }]);
  expect(read('baseline', ` \n[{"RuleID":"rule","File":"a","StartLine":1}]`).places).toMatchObject([
    { by: 'baseline', text: 'a:rule:1' },
  ]);
});

test('a baseline of detect-secrets names secrets by path and SHA-1, and the hash is not repeated as text', () => {
  const json = JSON.stringify({
    version: '1.5.0',
    results: { 'a\\b.py': [{ type: 'Secret Keyword', hashed_secret: sha1, line_number: 3 }] },
  });
  const { entries } = read('baseline', `\ufeff${json}`);
  expect(entries).toMatchObject([{ by: 'baseline', when: { path: 'a/b.py', sha1 }, text: 'a/b.py' }]);
});

test.each([
  ['{"results":{"a":[{}]}}', 'f: an entry of "a" has no hashed_secret'],
  ['{"results":{"a":[{"hashed_secret":"x"}]}}', 'f: an entry of "a" has no hashed_secret'],
  ['{"version":1}', 'f: has no results'],
  ['{"a": private}', 'f: is no valid JSON'],
])('%s is refused', (text, message) => {
  expect(() => read('baseline', text)).toThrow(message);
});

test('several files add up', () => {
  const files = [
    { kind: 'ignore-file', name: 'a', text: 'x/**' },
    { kind: 'baseline', name: 'b', text: ID },
    { kind: 'ignore-file', name: 'c', text: 'y/**' },
  ] as const;
  expect(readSuppressionFiles(files, TAG).entries.map(({ source }) => source)).toEqual(['a', 'b', 'c']);
});
