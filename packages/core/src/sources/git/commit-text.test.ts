import { expect, it } from 'vitest';
import { fakeSecret } from '../../../../../test/support/fake-engine.ts';
import { parseCommitLinks, parseCommitRef, parseTag } from './commit-text.ts';

const tree = 'a'.repeat(40);
const parent = 'b'.repeat(40);

function commit(lines: readonly string[], message: string | Buffer = 'subject\n\nbody\n'): Buffer {
  return Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`), Buffer.from(message)]);
}

it('reads author, date in UTC and message', () => {
  const bytes = commit([
    `tree ${tree}`,
    `parent ${parent}`,
    'author Åsa Öberg <asa@example.org> 1600000000 +0530',
    'committer C <c@example.org> 1600000100 -0800',
  ]);
  expect(parseCommitRef('x', bytes, [])).toEqual({
    commit: 'x',
    author: 'Åsa Öberg',
    email: 'asa@example.org',
    date: '2020-09-13T12:26:40Z',
    message: 'subject\n\nbody',
  });
  expect(parseCommitLinks(bytes, 'sha1')).toEqual({ date: 1_600_000_100, parents: [parent], tree });
});

it('takes no line of a signature or of the message for a header', () => {
  const bytes = commit(
    [
      `tree ${tree}`,
      'author A <a@x> 1 +0000',
      'committer A <a@x> 2 +0000',
      'gpgsig -----BEGIN',
      ' author Evil <e@x> 9 +0000',
      ` parent ${parent}`,
      ' -----END',
    ],
    `author Fake <f@x> 3 +0000\n\nparent ${parent}\n`,
  );
  expect(parseCommitRef('x', bytes, [])).toMatchObject({
    author: 'A',
    date: '1970-01-01T00:00:01Z',
    message: `author Fake <f@x> 3 +0000\n\nparent ${parent}`,
  });
  expect(parseCommitLinks(bytes, 'sha1').parents).toEqual([]);
});

it('honours the encoding that a commit names, and survives one that does not exist', () => {
  const latin = Buffer.concat([
    Buffer.from(`tree ${tree}\nauthor J`),
    Buffer.from([0xf6]),
    Buffer.from('rg <j@x> 1 +0000\nencoding ISO-8859-1\n\n'),
    Buffer.from([0xe9, 0x74, 0xe9]),
  ]);
  expect(parseCommitRef('x', latin, [])).toMatchObject({ author: 'Jörg', message: 'été' });
  expect(parseCommitRef('x', commit(['author É <e@x> 1 +0000', 'encoding no-such-thing']), [])).toMatchObject({
    author: 'É',
  });
});

it('gives odd values for hostile commits, and never an error', () => {
  for (const who of [
    '',
    'author',
    'author <>',
    'author > <',
    'author A <a@x> 99999999999999999999 +0000',
    'author A <a@x> -5 +0000',
    'author A <a@x> NaN',
    `author ${'x'.repeat(300_000)}`,
  ]) {
    const ref = parseCommitRef('x', commit([who]), []);
    expect(Number.isNaN(Date.parse(ref.date))).toBe(false);
  }
  expect(parseCommitRef('x', Buffer.alloc(0), [])).toEqual({
    commit: 'x',
    author: '',
    email: '',
    date: '1970-01-01T00:00:00Z',
    message: '',
  });
  expect(parseCommitLinks(Buffer.from('tree'), 'sha1')).toEqual({ date: 0, parents: [], tree: '' });
});

it('leaves secrets out of messages, wherever they stand', () => {
  const secret = fakeSecret('aa');
  const message = `${secret} and é ${secret}${secret}`;
  const bytes = Buffer.from(message);
  const spans = [];
  for (let at = bytes.indexOf(secret); at >= 0; at = bytes.indexOf(secret, at + 1))
    spans.push({ start: at, end: at + secret.length });
  const overlapping = [...spans, { start: 2, end: 5 }, { start: 4, end: secret.length + 4 }];
  expect(parseCommitRef('x', commit(['author A <a@x> 1 +0000'], bytes), spans).message).toBe(
    'REDACTED and é REDACTEDREDACTED',
  );
  expect(parseCommitRef('x', commit(['author A <a@x> 1 +0000'], bytes), overlapping).message).not.toContain(secret);
});

it('cuts messages that are too long for a report', () => {
  expect(parseCommitRef('x', commit(['author A <a@x> 1 +0000'], 'y'.repeat(100_000)), []).message.length).toBeLessThan(
    9000,
  );
});

it('reads tags', () => {
  const bytes = commit([`object ${parent}`, 'type commit', 'tag v1.0', 'tagger T <t@x> 5 +0000'], 'release\n');
  expect(parseTag(bytes, [])).toEqual({
    commit: parent,
    tag: 'v1.0',
    author: 'T',
    email: 't@x',
    date: '1970-01-01T00:00:05Z',
    message: 'release',
  });
});
