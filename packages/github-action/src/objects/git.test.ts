import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createGit, GitFailure } from './git.ts';

test('a git that says more than a string can hold is a failure in one line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unleak-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'git'), '#!/bin/sh\nexec head -c 600000000 /dev/zero\n');
  chmodSync(join(folder, 'git'), 0o755);
  const remote = { url: 'https://github.invalid/a/b', serverUrl: 'https://github.invalid', token: undefined };
  const env = { PATH: [folder, process.env['PATH'] ?? ''].join(delimiter) };
  const git = createGit(folder, remote, env, new AbortController().signal);
  await expect(git.read(['rev-list'])).rejects.toThrow(new GitFailure('git rev-list says more than 256 MiB'));
}, 60_000);
