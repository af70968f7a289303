/** Known secrets are planted, and no eight bytes of them may stand in anything that a hook says or leaves behind. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { traces } from '../support/canary.ts';
import { hookedRepo, personEnvironment, runHook, type GitRun, type HookedRepo } from '../support/hooked-repo.ts';
import { makeRepo } from '../support/repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { databaseUrl, githubToken, privateKey, randomText } from '../support/tokens.ts';

const PREFIX = 'ghp_';
const token = githubToken('hook canary');
const inJson = githubToken('hook canary in JSON');
const encoded = githubToken('hook canary in base64');
const inMessage = githubToken('hook canary in a message');
const database = databaseUrl('hook canary');
const key = privateKey('hook canary');
const password = randomText(18, 'hook canary password');
const secrets = [
  ...[token, inJson, encoded, inMessage].map((one) => one.slice(PREFIX.length)),
  database.password,
  password,
  ...key.split('\n').slice(1, -2),
];

function planted(): HookedRepo {
  const repo = hookedRepo();
  repo.write('a.js', `const apiToken = "${token}";\nconst db = connect("${database.url}");\n`);
  repo.write('b.json', `{ "token": "${inJson}" }\n`);
  repo.write('c.txt', `payload: ${Buffer.from(`token=${encoded} and some more`).toString('base64')}\n`);
  repo.write('settings.py', `DATABASE_PASSWORD = "${password}"\n`);
  repo.write('deploy/key.pem', key);
  repo.write(`name-${token}.js`, `const apiToken = "${token}";\n`.replace('name', 'n'));
  repo.stage();
  return repo;
}

interface Watched extends GitRun {
  /** What was said, and everything in the person's folders. */
  readonly written: Buffer;
}

/** Runs a hook with a home and a temporary folder that are looked through afterwards. */
function watched(
  name: 'pre-commit' | 'pre-push',
  args: readonly string[],
  repo: HookedRepo,
  more: { env?: Record<string, string>; input?: string } = {},
): Watched {
  const folder = tempFolder();
  for (const each of ['tmp', 'data', 'cache', 'config']) mkdirSync(join(folder, each));
  const env = {
    ...personEnvironment(),
    TMPDIR: join(folder, 'tmp'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    NODE_DISABLE_COMPILE_CACHE: '1',
    ...more.env,
  };
  const run = runHook(name, args, { cwd: repo.path, env, ...(more.input === undefined ? {} : { input: more.input }) });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const left = files.map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  return { ...run, written: Buffer.concat([Buffer.from(run.said), ...left]) };
}

test('a commit that is stopped: every planted secret is found, and none is shown', () => {
  const repo = planted();
  for (const flags of [[], ['--log-level', 'debug'], ['--fail-on', 'low', '--log-level', 'debug']]) {
    const { code, said, written } = watched('pre-commit', flags, repo);
    expect(code).toBe(1);
    for (const place of ['a.js:1', 'a.js:2', 'b.json:1', 'c.txt:1', 'settings.py:1', 'deploy/key.pem:1'])
      expect(said).toContain(place);
    // The name of a file is shown as it is: it is in every listing of the repository.
    const names = written.toString('latin1').replaceAll(`name-${token}.js`, '');
    expect(traces(Buffer.from(names, 'latin1'), secrets), flags.join(' ')).toEqual([]);
  }
});

test('--fix: the values are in .env and nowhere else', () => {
  const repo = planted();
  const { said, written } = watched('pre-commit', ['--fix', '--yes', '--log-level', 'debug'], repo);
  const names = written.toString('latin1').replaceAll(`name-${token}.js`, '');
  expect(traces(Buffer.from(names, 'latin1'), secrets)).toEqual([]);
  expect(said).toContain('unleak: changed');
  expect(traces(readFileSync(join(repo.path, '.env')), [password])).not.toEqual([]);
  for (const changed of ['a.js', 'settings.py', '.gitignore'])
    expect(traces(readFileSync(join(repo.path, changed)), secrets), changed).toEqual([]);
  expect(readdirSync(repo.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('errors, time that is over, a broken configuration', () => {
  const repo = planted();
  repo.write('broken.yaml', `a: [${token}\n`);
  const runs = [
    watched('pre-commit', ['--budget', '0s', '--log-level', 'debug'], repo),
    watched('pre-commit', ['--budget', token], repo),
    watched('pre-commit', ['-c', 'broken.yaml', '--log-level', 'debug'], repo),
    watched('pre-commit', ['-b', 'a.js', '--log-level', 'debug'], repo),
    watched('pre-commit', ['--log-level', 'debug'], repo, { env: { PATH: '/nonexistent' } }),
    watched('pre-push', ['origin', `https://user:${token}@127.0.0.1:9/x.git`], repo, {
      input: `refs/heads/${token}\n`,
    }),
  ];
  writeFileSync(join(repo.gitDir, 'index'), readFileSync(join(repo.path, 'a.js')));
  runs.push(watched('pre-commit', ['--log-level', 'debug'], repo));
  for (const { written, code } of runs) {
    const names = written.toString('latin1').replaceAll(`name-${token}.js`, '');
    expect(traces(Buffer.from(names, 'latin1'), secrets), names.slice(0, 200)).toEqual([]);
    expect(code).toBeLessThanOrEqual(2);
  }
});

test('a push that is stopped, to an address with a password in it', () => {
  const repo = planted();
  repo.commit({ message: `use ${inMessage}` });
  const remote = makeRepo(tempFolder(), { bare: true });
  const input = `refs/heads/main ${repo.git('rev-parse', 'HEAD')} refs/heads/main ${'0'.repeat(40)}\n`;
  for (const url of [remote.path, `https://user:${token}@127.0.0.1:9/x.git`]) {
    const { code, said, written } = watched('pre-push', [url, url, '--log-level', 'debug'], repo, { input });
    expect(code, said).toBe(1);
    expect(said).toContain('the message of commit');
    const names = written.toString('latin1').replaceAll(`name-${token}.js`, '');
    expect(traces(Buffer.from(names, 'latin1'), secrets)).toEqual([]);
  }
});
