/** Reports that cannot be delivered, and scans that end early. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { places, readJsonReport } from '../support/json-report.ts';
import { makeRepo } from '../support/repo.ts';
import { runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken, randomText } from '../support/tokens.ts';

const bin = join(import.meta.dirname, '../../packages/cli/bin/unleak.mjs');

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs the CLI in a shell: `"$@"` is the command. */
async function runInShell(
  script: string,
  args: readonly string[],
  stdout: 'ignore' | number = 'ignore',
): Promise<Ended> {
  const home = tempFolder();
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    XDG_CACHE_HOME: home,
    XDG_DATA_HOME: home,
    XDG_CONFIG_HOME: home,
  };
  const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, bin, ...args], {
    env,
    stdio: ['ignore', stdout, 'pipe'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('close', (code) => resolve(code));
  return { code: await promise, stderr };
}

/** So many findings that no pipe or small disk holds the report. */
function manyFindings(): string {
  const folder = tempFolder();
  writeFileSync(
    join(folder, 'a.env'),
    Array.from({ length: 900 }, (_, at) => `T${at}=${githubToken(`many ${at}`)}\n`).join(''),
  );
  return folder;
}

describe('a disk that is full', () => {
  test('while the report is written to a file: one line that names it, exit code 2, and no half of it', async () => {
    const out = tempFolder();
    const path = join(out, 'report.json');
    writeFileSync(path, 'the report of yesterday');
    // A limit on the size of files stands for a disk with room for 8 KB.
    const { code, stderr } = await runInShell('ulimit -f 16; "$@"', [
      'scan',
      manyFindings(),
      '-q',
      '-f',
      'json',
      '-o',
      path,
    ]);
    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`${path}: the file cannot be written: `);
    expect(readdirSync(out)).toEqual(['report.json']);
    expect(readFileSync(path, 'utf8')).toBe('the report of yesterday');
  });

  test('behind standard output: one line, exit code 2', async () => {
    const path = join(tempFolder(), 'out');
    const file = openSync(path, 'w');
    const { code, stderr } = await runInShell('ulimit -f 16; "$@"', ['scan', manyFindings(), '-q', '-f', 'json'], file);
    closeSync(file);
    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^unleak: standard output: /);
  });
});

test.each(['terminal', 'json', 'sarif', 'csv'])(
  'a reader of %s that has seen enough, such as head, is a normal end',
  async (format) => {
    const path = join(tempFolder(), 'code');
    const { stderr } = await runInShell(`{ "$@"; echo $? > '${path}'; } | head -n 1 > /dev/null`, [
      'scan',
      manyFindings(),
      '-q',
      '-f',
      format,
    ]);
    expect(stderr).toBe('');
    expect(readFileSync(path, 'utf8').trim()).toBe('1');
  },
);

describe('a process that lacks what others have', () => {
  test('a working directory that was deleted: one line, exit code 2', async () => {
    const inGone = 'mkdir "$HOME/gone" && cd "$HOME/gone" && rmdir "$HOME/gone" && "$@"';
    for (const args of [['scan', '.'], ['baseline'], ['gitleaks', 'dir', '.'], ['hook', 'pre-commit']]) {
      const { code, stderr } = await runInShell(inGone, args);
      expect([code, stderr]).toEqual([
        2,
        'unleak: the current directory is not there any more: change to another one\n',
      ]);
    }
  });

  test.skipIf(process.getuid?.() !== 0)('a user whom the system does not know, without HOME: it scans', async () => {
    const folder = tempFolder();
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'target'));
    writeFileSync(join(folder, 'target', 'a.env'), 'nothing\n');
    // Such a user may not enter wherever this checkout and its Node lie.
    const node = join(folder, 'node');
    copyFileSync(process.execPath, node);
    for (const part of ['bin', 'dist', 'package.json'])
      cpSync(join(bin, '../..', part), join(folder, 'cli', part), { recursive: true });
    const child = spawn(node, [join(folder, 'cli/bin/unleak.mjs'), 'scan', join(folder, 'target')], {
      cwd: '/',
      env: { PATH: process.env['PATH'] },
      uid: 54321,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const { promise, resolve, reject } = Promise.withResolvers<number | null>();
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
    expect([await promise, said]).toEqual([0, expect.stringContaining('No credentials found')]);
  });

  test.skipIf(!existsSync('/dev/full'))('standard error on a disk that is full: the exit code is right', async () => {
    const clean = tempFolder();
    writeFileSync(join(clean, 'a.env'), 'nothing\n');
    expect((await runInShell('"$@" 2>/dev/full', ['scan', clean])).code).toBe(0);
    expect((await runInShell('"$@" 2>/dev/full', ['scan', manyFindings()])).code).toBe(1);
    expect((await runInShell('"$@" 2>/dev/full', ['scan', '--no-such-flag'])).code).toBe(2);
  });
});

describe('an interrupt', () => {
  function largeRepo(): string {
    const repo = makeRepo(tempFolder());
    for (let at = 0; at < 24; at++)
      repo.write(
        `big${at}.txt`,
        Array.from({ length: 12_000 }, (_, n) => randomText(80, `${at} ${n}`, 'abcdefgh ')).join('\n'),
      );
    repo.commitFiles({ 'a.env': `T=${githubToken('interrupt')}\n` });
    return repo.path;
  }

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s: the report says that it is partial, for programs and for people',
    async (signal) => {
      const repo = largeRepo();
      const out = tempFolder();
      const temporary = tempFolder();
      const path = join(out, 'report.json');
      const options = { env: { TMPDIR: temporary }, kill: { signal, when: 'scanning' } };
      const toFile = await runCli(['scan', repo, '--workers', '1', '-o', path], options);
      expect(toFile.code).toBe(130);
      const report = readJsonReport(readFileSync(path, 'utf8'));
      expect(report.summary).toMatchObject({ complete: false, interrupted: true });
      expect(report.notScanned).toMatchObject([{ state: 'failed', reason: 'interrupted' }]);
      const toPeople = await runCli(['scan', repo, '--workers', '1'], options);
      expect(toPeople.code).toBe(130);
      expect(toPeople.stdout.trimEnd().split('\n').at(-1)).toMatch(/interrupted: the rest was not scanned/);
      expect(readdirSync(temporary)).toEqual([]);
      expect(readdirSync(out)).toEqual(['report.json']);
    },
  );

  test('does not lose what was found before it', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'small'));
    writeFileSync(join(folder, 'small/b.env'), `T=${githubToken('before the interrupt')}\n`);
    const large = largeRepo();
    const { code, stdout } = await runCli(['scan', 'small', large, '--workers', '1', '-f', 'json'], {
      cwd: folder,
      kill: { signal: 'SIGINT', when: `scanning ${large}` },
    });
    expect(code).toBe(130);
    expect(places(readJsonReport(stdout))).toEqual(['small/b.env:1']);
  });

  test('of baseline leaves the old one as it is', async () => {
    const repo = largeRepo();
    writeFileSync(join(repo, 'unleak.yaml'), 'version: 1\nproject:\n  salt: a salt of the project\n');
    const { code } = await runCli(['baseline', '--workers', '1'], {
      cwd: repo,
      kill: { signal: 'SIGINT', when: 'scanning' },
    });
    expect(code).toBe(130);
    expect(readdirSync(repo)).not.toContain('.unleak-baseline');
  });
});
