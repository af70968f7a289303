import { expect, test } from 'vitest';
import { lintProject } from './lint-project.js';

const lint = (files) =>
  lintProject('one-door-to-reveal', { allowed: ['verify/', 'bytes/ids.ts'] }, files).map((line) =>
    line.replace(/: .*/, ''),
  );

test('reveal is refused outside the list, also in disguise and in other packages', () => {
  const text = [
    'secret.reveal();',
    "secret['reveal']();",
    'secret?.reveal();',
    'secret.reveal.call(other);',
    'const show = secret.reveal.bind(secret);',
  ];
  expect(lint({ 'packages/core/src/reports/json.ts': text.join('\n'), 'packages/cli/src/main.ts': text[0] })).toEqual([
    'packages/cli/src/main.ts:1',
    ...text.map((_, i) => `packages/core/src/reports/json.ts:${i + 1}`),
  ]);
});

test('reveal is allowed in listed folders and files', () => {
  const text = 'secret.reveal();';
  expect(lint({ 'packages/core/src/verify/http.ts': text, 'packages/core/src/bytes/ids.ts': text })).toEqual([]);
});

test('a setting of the same name is no secret', () => {
  expect(lint({ 'packages/core/src/pipeline/scan.ts': 'export const f = (settings) => settings.reveal;' })).toEqual([]);
});
