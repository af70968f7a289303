import { expect, test } from 'vitest';
import { notRun } from './not-run.ts';

test('only what names a missing program may be left out, and is counted by program', () => {
  expect(
    notRun(['hooks > runs [needs pre-commit]', 'other [needs pre-commit] in part', 'c [needs php]', 'd [needs php]']),
  ).toEqual({
    skipped: ['other [needs pre-commit] in part'],
    missing: ['1 test, since there is no pre-commit on this machine', '2 tests, since there is no php on this machine'],
  });
});
