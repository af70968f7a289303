import { expect, test } from 'vitest';
import { maskCommands, MAX_MASKS } from './mask.ts';

test('each secret becomes one command, and what it holds does not end it', () => {
  const { commands, left } = maskCommands(['s3cr3t-100%', 's3cr3t-100%', 'p4ss\u0000word::x']);
  expect(commands).toEqual(['::add-mask::s3cr3t-100%25', '::add-mask::p4ss\u0000word::x']);
  expect(left).toBe(0);
});

test('of several lines each is hidden that is worth it, with any kind of line break', () => {
  const lines = [
    '-----BEGIN RSA PRIVATE KEY-----',
    'MIIEow1BAAKCAQEA',
    'short',
    '  x8Zk2mPq9Lw4  ',
    '-----END RSA PRIVATE KEY-----',
  ];
  for (const text of [lines.join('\n'), lines.join('\r\n')])
    expect(maskCommands([text]).commands).toEqual(['::add-mask::MIIEow1BAAKCAQEA', '::add-mask::x8Zk2mPq9Lw4']);
});

test.each(['password', 'true', 'admin', 'aaaaaaaa', '12121212', '********', 'Password', 'short1!', ''])(
  '%j stays readable: a log without such a word would say nothing',
  (value) => {
    expect(maskCommands([value]).commands).toEqual([]);
  },
);

test.each(['hunter2hunter', 'correct horse battery', 'qpwoeirutyalskdjfhgmzn', '4f9d0c2a'])('%j is hidden', (value) => {
  expect(maskCommands([value]).commands).toEqual([`::add-mask::${value}`]);
});

test('there is an end to what a runner has to compare every line with, and what is left is counted', () => {
  const secrets = Array.from({ length: MAX_MASKS + 3 }, (_, i) => `secret-number-${i}`);
  const { commands, left } = maskCommands(secrets);
  expect([commands.length, left]).toEqual([MAX_MASKS, 3]);
});
