import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { gitEnvironment, makeRepo, makeTempDir, openRepo } from '../../../../../test/support/repo.ts';
import { cloneEnvironment, cloneRepository } from './clone.ts';
import { cloneWithoutGit } from './clone-without-git.ts';
import { parseRemoteUrl } from './remote-url.ts';

let dir: ReturnType<typeof makeTempDir>;
let temporary: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('clone');
  temporary = makeTempDir('clones');
});
afterEach(() => {
  dir.remove();
  temporary.remove();
});

const signal = new AbortController().signal;
/** The operator's own settings, as far as a test may have any. */
const ambient = (): ReturnType<typeof testAmbient> => testAmbient({ tmpdir: temporary.path, env: gitEnvironment() });

it('gets every ref into a bare repository that goes away again', async () => {
  const repo = makeRepo(dir.path);
  const first = repo.commitFiles({ f: 'x' });
  repo.git('branch', 'topic');
  repo.git('tag', 'v1');
  repo.git('update-ref', 'refs/pull/1/head', first);
  const heard: string[] = [];
  const clone = await cloneRepository(`file://${repo.path}`, ambient(), {
    signal,
    onProgress: (message) => heard.push(message),
  });
  const { repository } = clone;
  expect(repository.worktree).toBeUndefined();
  expect(openRepo(repository.root).git('for-each-ref', '--format=%(refname)').split('\n')).toEqual([
    'refs/heads/main',
    'refs/heads/topic',
    'refs/pull/1/head',
    'refs/tags/v1',
  ]);
  expect(existsSync(join(repository.root, 'hooks'))).toBe(false);
  await clone.close();
  await clone.close();
  expect(readdirSync(temporary.path)).toEqual([]);
});

it('fails with one line, and leaves nothing behind', async () => {
  await expect(cloneRepository(`file://${dir.path}/nothing`, ambient(), { signal })).rejects.toMatchObject({
    name: 'GitError',
    code: 'clone-failed',
    message: expect.not.stringContaining(temporary.path) as string,
  });
  await expect(cloneRepository('ext::sh -c true', ambient(), { signal })).rejects.toMatchObject({
    code: 'refused-url',
  });
  const repo = makeRepo(dir.path);
  await expect(
    cloneRepository(`file://${repo.path}`, ambient(), { signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: 'aborted' });
  expect(readdirSync(temporary.path)).toEqual([]);
});

it('never shows a password: not in an error, not in the arguments of git, not in what it stores', async () => {
  const word = ['hunter', '2secret'].join('');
  // A git that writes down how it was called, and fails as the real one does.
  const bin = join(dir.path, 'bin');
  const log = join(dir.path, 'log');
  makeRepo(dir.path, { at: bin });
  writeFileSync(
    join(bin, 'git'),
    `#!/bin/sh\ncase "$1" in --version) echo git version 2.39.5; exit;; esac\necho "$@" >> ${log}\necho "$GIT_CONFIG_COUNT $GIT_CONFIG_KEY_0 $GIT_CONFIG_VALUE_0" >> ${log}.env\necho "fatal: unable to access https://me:${word}@127.0.0.1/x: ${word}" >&2\nexit 128\n`,
    { mode: 0o755 },
  );
  const env = { ...gitEnvironment(), PATH: `${bin}:/usr/bin:/bin` };
  const error: unknown = await cloneRepository(
    `https://me:${word}@127.0.0.1/x`,
    testAmbient({ tmpdir: temporary.path, env }),
    { signal },
  ).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'clone-failed' });
  expect(String(error) + JSON.stringify(error)).not.toContain(word);
  expect(error instanceof Error && error.cause).toBeUndefined();
  const called = readFileSync(log, 'utf8');
  expect(called).toContain('https://127.0.0.1/x');
  expect(called).not.toContain(word);
  expect(readFileSync(`${log}.env`, 'utf8')).toBe(
    `1 url.https://me:${word}@127.0.0.1/x.insteadOf https://127.0.0.1/x\n`,
  );
});

it("keeps the operator's way to log in, and nothing that names a repository or opens a transport", () => {
  const env = cloneEnvironment(
    parseRemoteUrl('https://u:p@example.org/a'),
    testAmbient({
      env: {
        PATH: '/bin',
        HOME: '/home/me',
        GIT_DIR: '/x',
        GIT_INDEX_FILE: '/y',
        GIT_TRACE_CURL: '1',
        GIT_ALLOW_PROTOCOL: 'ext',
        GIT_SSH_COMMAND: 'ssh -i key',
        HTTPS_PROXY: 'http://proxy',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'a.b',
        GIT_CONFIG_VALUE_0: 'c',
        PAGER: 'less',
      },
    }),
  );
  expect(env).toEqual({
    PATH: '/bin',
    HOME: '/home/me',
    GIT_SSH_COMMAND: 'ssh -i key',
    HTTPS_PROXY: 'http://proxy',
    GIT_ALLOW_PROTOCOL: 'https:ssh',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'a.b',
    GIT_CONFIG_VALUE_0: 'c',
    GIT_CONFIG_KEY_1: 'url.https://u:p@example.org/a.insteadOf',
    GIT_CONFIG_VALUE_1: 'https://example.org/a',
  });
  expect(cloneEnvironment(parseRemoteUrl('file:///x'), testAmbient({ env: {} }))).toMatchObject({
    GIT_ALLOW_PROTOCOL: 'https:ssh:file',
  });
});

it('clones without git, over a server that speaks the smart protocol', async () => {
  const repo = makeRepo(dir.path);
  repo.commitFiles({ f: 'x' });
  const head = repo.commitFiles({ f: 'y' });
  repo.git('branch', 'topic', 'HEAD~1');
  const server = await serve(dir.path, 'me', 'word');
  const { port } = server.address() as AddressInfo;
  const name = repo.path.slice(dir.path.length + 1);
  const url = `http://127.0.0.1:${port}/${name}/.git`;
  try {
    const path = join(dir.path, 'own');
    await cloneWithoutGit({ protocol: 'https', url, credentials: 'me:word' }, path, { signal });
    const clone = openRepo(path);
    expect(clone.git('rev-parse', 'refs/remotes/origin/main')).toBe(head);
    expect(clone.git('rev-parse', 'refs/remotes/origin/topic')).toBe(repo.git('rev-parse', 'topic'));
    clone.git('fsck');
    await expect(
      cloneWithoutGit({ protocol: 'https', url, credentials: 'me:wrong' }, join(dir.path, 'no'), { signal }),
    ).rejects.toThrow();
    await expect(
      cloneWithoutGit({ protocol: 'ssh', url, credentials: undefined }, join(dir.path, 'ssh'), { signal }),
    ).rejects.toMatchObject({ code: 'clone-failed' });
  } finally {
    server.close();
  }
});

/** git's own server program behind a plain HTTP server on loopback, for one user. */
async function serve(root: string, user: string, password: string): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="test"' }).end();
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    const child = execFile(
      'git',
      ['http-backend'],
      {
        encoding: 'buffer',
        maxBuffer: 1 << 28,
        env: {
          ...gitEnvironment(),
          GIT_PROJECT_ROOT: root,
          GIT_HTTP_EXPORT_ALL: '1',
          PATH_INFO: url.pathname,
          QUERY_STRING: url.search.slice(1),
          REQUEST_METHOD: request.method ?? 'GET',
          CONTENT_TYPE: request.headers['content-type'] ?? '',
          REMOTE_USER: user,
        },
      },
      (_error, output) => {
        const end = output.indexOf('\r\n\r\n');
        for (const line of output.subarray(0, end).toString().split('\r\n')) {
          const [name = '', value = ''] = line.split(': ');
          if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
          else response.setHeader(name, value);
        }
        response.end(output.subarray(end + 4));
      },
    );
    if (child.stdin !== null) request.pipe(child.stdin);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
