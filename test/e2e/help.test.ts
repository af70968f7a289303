import { expect, test } from 'vitest';
import { runCli } from '../support/run-cli.ts';

test('the built command: a group without the second word asks which one', async () => {
  expect(await runCli(['hook'])).toEqual({
    code: 2,
    stdout: '',
    stderr: "unleak: which one: 'hook pre-commit' or 'hook pre-push'? (hook --help says what they do)\n",
  });
  const help = await runCli(['hook', '--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(/^unleak hook <pre-commit\|pre-push> \[options\]\n/);
});
