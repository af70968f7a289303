/** `--fix` where something has changed, or lies in its way: nothing is moved that was not found, and nothing gets out. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { hookedRepo, personEnvironment, runHook, type GitRun, type HookedRepo } from '../support/hooked-repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

function fix(repo: HookedRepo, env: Readonly<Record<string, string>> = {}): GitRun {
  return runHook('pre-commit', ['--fix', '--yes'], { cwd: repo.path, env: { ...personEnvironment(), ...env } });
}

function read(repo: HookedRepo, name: string): string {
  return readFileSync(join(repo.path, name), 'utf8');
}

function state(repo: HookedRepo): string {
  return repo.git('status', '--porcelain=v2', '--ignored');
}

/** A git that does something else the first time that it is asked for something, which is after the scan. */
function gitThatFirst(script: string): Readonly<Record<string, string>> {
  const folder = tempFolder();
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const program = join(folder, 'git');
  writeFileSync(
    program,
    `#!/bin/sh\nif [ ! -e "${folder}/done" ]; then : > "${folder}/done"; PATH="\${PATH#*${delimiter}}"; ${script}; fi\nexec "${git}" "$@"\n`,
  );
  chmodSync(program, 0o755);
  return { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
}

test.each<readonly [name: string, other: string]>([
  ['something harmless of the same length', 'x'.repeat(githubToken('').length)],
  ['another token of the same length', githubToken('not the one that was found')],
])('what was staged in the place of the credential after the scan is not moved: %s', (_name, other) => {
  const repo = hookedRepo();
  repo.write('a.js', `const apiToken = "${githubToken('found')}";\n`);
  repo.stage();
  const changed = `const apiToken = "${other}";\n`;
  const { code, said } = fix(repo, gitThatFirst(`printf '%s\\n' '${changed.trimEnd()}' > a.js; git add a.js`));
  expect(code, said).toBe(1);
  expect(said).toContain('a.js:1: the file has changed since it was scanned');
  expect(read(repo, 'a.js')).toBe(changed);
  expect(state(repo)).not.toContain('.env');
});
