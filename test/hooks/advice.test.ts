/** What a hook advises to type works for the person who reads it, however unleak was installed; and is what `--fix` does. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { hookScratch, pathWith, type HookScratch, type Ran } from '../support/hook-scratch.ts';
import { bin, programFolder, stage, stageSecret } from '../support/real-hooks.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

interface Installed {
  /** What Node is given. */
  readonly script: string;
  readonly path: string;
  readonly command: RegExp;
}

const INSTALLED: Readonly<Record<string, (repo: string) => Installed>> = {
  'as a dependency of the project': (repo) => {
    const script = join(repo, 'node_modules/.bin/unleak');
    mkdirSync(dirname(script), { recursive: true });
    symlinkSync(bin, script);
    return { script, path: pathWith(dirname(process.execPath)), command: /^npx unleak ignore/ };
  },
  'in PATH': () => ({ script: bin, path: pathWith(programFolder(tempFolder())), command: /^unleak ignore/ }),
  'as a file': () => ({ script: bin, path: pathWith(), command: /^\S*node'? \S*unleak\.mjs'? ignore/ }),
};

function hook(scratch: HookScratch, repo: string, { script, path }: Installed, ...flags: string[]): Ran {
  return scratch.run(process.execPath, [script, 'hook', 'pre-commit', ...flags], repo, { PATH: path });
}

test.each(Object.keys(INSTALLED))('unleak is there %s: the line that accepts a finding can be copied', (how) => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const installed = INSTALLED[how]?.(repo) ?? { script: '', path: '', command: /^$/ };
  stageSecret(scratch, repo);
  const { code, stderr } = hook(scratch, repo, installed);
  expect(code).toBe(1);
  const [line = ''] = stderr.split('\n').flatMap((text) => (/ ignore c1_/.test(text) ? [text.trim()] : []));
  expect(line).toMatch(installed.command);
  expect(stderr).toContain(`      ${line.split(' ignore ')[0] ?? ''} hook pre-commit --fix\n`);
  const typed = spawnSync('sh', ['-c', line], {
    cwd: repo,
    env: { ...scratch.env, PATH: installed.path, npm_config_offline: 'true' },
    encoding: 'utf8',
  });
  expect(typed.status, typed.stderr).toBe(0);
  expect(readFileSync(join(repo, '.unleakignore'), 'utf8')).toContain('c1_');
  expect(hook(scratch, repo, installed)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('the variable that is advised is the one that --fix takes, also where .env has the name already', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const installed = { script: bin, path: pathWith(), command: /./ };
  writeFileSync(join(repo, '.env'), 'GITHUB_TOKEN=another\n');
  writeFileSync(join(repo, '.gitignore'), '.env\n');
  stage(scratch, repo, 'a.js', `const token = "${githubToken('short name')}";\n`);
  stage(scratch, repo, 'b.py', `import os\ndeployBotToken = "${githubToken('long name')}"\n`);
  const { stderr } = hook(scratch, repo, installed);
  expect(stderr).toContain('process.env.GITHUB_TOKEN_2\n');
  expect(stderr).toContain('os.environ["DEPLOY_BOT_TOKEN"]\n');
  hook(scratch, repo, installed, '--fix', '--yes');
  expect(readFileSync(join(repo, 'a.js'), 'utf8')).toBe('const token = process.env.GITHUB_TOKEN_2;\n');
  expect(readFileSync(join(repo, 'b.py'), 'utf8')).toContain('deployBotToken = os.environ["DEPLOY_BOT_TOKEN"]\n');
});

test('--fix is advised only where it can change something', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  const installed = { script: bin, path: pathWith(), command: /./ };
  stage(scratch, repo, 'a.rs', `const TOKEN: &str = "${githubToken('rust')}";\n`);
  const { code, stderr } = hook(scratch, repo, installed);
  expect(code).toBe(1);
  expect(stderr).not.toContain('--fix');
});

test('where .env is in git, --fix says so once, and not for each finding', () => {
  const scratch = hookScratch();
  const repo = scratch.repository();
  stage(scratch, repo, '.env', 'COLOUR=red\n');
  for (const name of ['a.js', 'b.js']) stageSecret(scratch, repo, name);
  const { stderr } = hook(scratch, repo, { script: bin, path: pathWith(), command: /./ }, '--fix', '--yes');
  expect(stderr.split('.env is in git itself')).toHaveLength(2);
  expect(stderr).toContain('unleak --fix can change nothing here: .env is in git itself: git rm --cached .env first\n');
});
