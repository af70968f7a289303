import * as core from '@actions/core';
import { afterEach, expect, it, vi } from 'vitest';
import { runnerCommands } from '../../../../test/support/runner-commands.ts';
import { annotationCommand, plainLine } from './command.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What @actions/core prints. */
function printedBy(run: () => void): string {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  run();
  vi.restoreAllMocks();
  return printed.replace(/\r?\n$/, '');
}

it('escapes as @actions/core does', () => {
  const text = '100 % of a, b: c';
  const title = 'Key: a, b = 100 %';
  const file = 'a,b:c/100%::error::x.ts';
  expect(annotationCommand('warning', text, title, { file, line: 3, endLine: 4 })).toBe(
    printedBy(() => core.warning(text, { title, file, startLine: 3, endLine: 4 })),
  );
  expect(annotationCommand('notice', text)).toBe(printedBy(() => core.notice(text)));
});

it('writes out what a terminal would obey', () => {
  const [command] = runnerCommands(annotationCommand('error', 'a\u001b[31mb\u202ec'));
  expect(command?.data).toBe(String.raw`a\x1b[31mb\u202ec`);
});

it('leaves plain lines as they are, but for those that are commands', () => {
  expect(plainLine('src/a.ts:3: a token')).toBe('src/a.ts:3: a token');
  expect(plainLine('  ::error::x')).toBe('>   ::error::x');
});
