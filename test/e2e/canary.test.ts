/**
 * Known secrets are planted, every command runs in every format and at the highest log level, and no eight bytes of them
 * may stand anywhere that is written: output, messages, temporary files, the user's data and cache.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT_FORMATS } from '@unleak/core';
import { expect, test } from 'vitest';
import { traces } from '../support/canary.ts';
import { readJsonReport } from '../support/json-report.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { databaseUrl, githubToken, privateKey, randomText } from '../support/tokens.ts';

const PREFIX = 'ghp_';
const github = githubToken('canary');
const encoded = githubToken('canary in base64');
const message = githubToken('canary in a message');
const staged = githubToken('canary in the index');
const database = databaseUrl('canary');
const key = privateKey('canary');
const password = randomText(18, 'canary password');

/** What may be shown is the public prefix alone, so it is not looked for. */
const secrets = [
  ...[github, encoded, message, staged].map((token) => token.slice(PREFIX.length)),
  database.password,
  password,
  ...key.split('\n').slice(1, -2),
];

function plantedRepo(): TestRepo {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({
    'app.env': `GITHUB_TOKEN=${github}\nDB=${database.url}\n`,
    'deploy/key.pem': key,
    'encoded.txt': `payload: ${Buffer.from(`token=${encoded} and some more`).toString('base64')}\n`,
    'settings.py': `DATABASE_PASSWORD = "${password}"\n`,
    'broken.yaml': `a: [${github}\n`,
  });
  repo.commitFiles({ 'note.txt': 'x\n' }, { message: `remove ${message}` });
  repo.write('next.env', `T=${staged}\n`);
  repo.stage();
  return repo;
}

interface Home {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

function home(): Home {
  const folder = tempFolder();
  for (const name of ['tmp', 'data', 'cache', 'config']) mkdirSync(join(folder, name));
  return {
    folder,
    env: {
      TMPDIR: join(folder, 'tmp'),
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      XDG_CONFIG_HOME: join(folder, 'config'),
      // Megabytes of our own code would only slow the search down.
      NODE_DISABLE_COMPILE_CACHE: '1',
    },
  };
}

/** Every file below a folder, as one text of bytes. */
function everything(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Buffer.concat(files.map((entry) => readFileSync(join(entry.parentPath, entry.name))));
}

async function expectNoTrace(
  args: readonly string[],
  cwd: string,
  options: { stdin?: string; expectOutput?: boolean } = {},
): Promise<string> {
  const { env, folder } = home();
  const { stdout, stderr } = await runCli(args, {
    cwd,
    env,
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
  });
  const written = Buffer.concat([Buffer.from(stdout), Buffer.from(stderr), everything(folder)]);
  expect(traces(written, secrets), `unleak ${args.join(' ')}`).toEqual([]);
  return stdout;
}

test('the search itself finds a secret in clear, in base64 at any offset, in hex and in percent-encoding', () => {
  const secret = randomText(24, 'search');
  for (const shown of [
    secret,
    secret.slice(5, 13),
    Buffer.from(`x${secret}`).toString('base64'),
    Buffer.from(`xy${secret}`).toString('base64url'),
    Buffer.from(secret).toString('hex').toUpperCase(),
    [...Buffer.from(secret)].map((b) => `%${b.toString(16)}`).join(''),
  ]) {
    expect(traces(Buffer.from(`… ${shown} …`), [secret])).not.toEqual([]);
  }
  expect(traces(Buffer.from(`… ${secret.slice(0, 7)} …`), [secret])).toEqual([]);
});

test('the planted secrets are all found, or this file would prove nothing', async () => {
  const repo = plantedRepo();
  const report = readJsonReport((await runCli(['scan', repo.path, '-f', 'json', '--show-secrets'])).stdout);
  const found = report.findings.map((finding) => finding.secret).join('\n');
  for (const secret of [github, encoded, message, staged, database.password, password]) expect(found).toContain(secret);
  expect(found).toContain(key.split('\n')[3]);
});

test.each(REPORT_FORMATS.map(({ id }) => id))('unleak scan --format %s', async (format) => {
  const repo = plantedRepo();
  const stdout = await expectNoTrace(
    ['scan', '.', '--format', format, '--log-level', 'debug', '--confidence', 'low'],
    repo.path,
  );
  expect(stdout).not.toBe('');
});

test('every other way to scan', async () => {
  const repo = plantedRepo();
  const debug = ['--log-level', 'debug'];
  await expectNoTrace(['scan', '--staged', ...debug], repo.path);
  await expectNoTrace(['scan', '--since', 'HEAD~1', ...debug], repo.path);
  await expectNoTrace(['scan', '--history', 'no', '--workers', '2', ...debug], repo.path);
  await expectNoTrace(['scan', `file://${repo.path}`, ...debug], repo.path);
  await expectNoTrace(['scan', '-', ...debug], repo.path, { stdin: `T=${github}\n` });
  await expectNoTrace(['scan', `https://user:${github}@127.0.0.1:9/x.git`, ...debug], repo.path);
});

test('every other command', async () => {
  const repo = plantedRepo();
  const debug = ['--log-level', 'debug'];
  for (const line of [1, 2]) await expectNoTrace(['explain', `app.env:${line}`, '--all', ...debug], repo.path);
  await expectNoTrace(['explain', 'HEAD:deploy/key.pem:3', '--all', ...debug], repo.path);
  await expectNoTrace(['explain', 'settings.py:1', ...debug], repo.path);
  await expectNoTrace(['rules', 'check', 'broken.yaml', ...debug], repo.path);
  await expectNoTrace(['scan', '-c', 'broken.yaml', ...debug], repo.path);
  await expectNoTrace(['scan', '-b', 'app.env', ...debug], repo.path);
  await expectNoTrace(['baseline', '--from', 'broken.yaml', ...debug], repo.path);
  await expectNoTrace(['config', 'show', ...debug], repo.path);
  const report = join(tempFolder(), 'report.json');
  writeFileSync(report, await expectNoTrace(['scan', '.', '-f', 'json', ...debug], repo.path));
  const [finding] = readJsonReport(readFileSync(report, 'utf8')).findings;
  await expectNoTrace(['ignore', finding?.id ?? '', '--report', report, '--reason', 'test', ...debug], repo.path);
  await expectNoTrace(['baseline', '--output', 'known.txt', ...debug], repo.path);
  const written = Buffer.concat(
    ['.unleakignore', 'known.txt', 'unleak.yaml'].map((name) => {
      try {
        return readFileSync(join(repo.path, name));
      } catch {
        return Buffer.alloc(0);
      }
    }),
  );
  expect(traces(written, secrets)).toEqual([]);
});

test('in place of gitleaks', async () => {
  const repo = plantedRepo();
  const debug = ['--log-level', 'trace', '-v'];
  for (const format of ['json', 'csv', 'junit', 'sarif'])
    await expectNoTrace(['git', ...debug, '-r', '-', '-f', format], repo.path);
  await expectNoTrace(['dir', ...debug], repo.path);
  await expectNoTrace(['protect', '--staged', ...debug], repo.path);
  await expectNoTrace(['stdin', ...debug], repo.path, { stdin: `T=${github}\n` });
  await expectNoTrace(['detect', '-c', 'app.env', ...debug], repo.path);
  await expectNoTrace(['git', '--redact', ...debug], repo.path);
});
