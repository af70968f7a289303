/** Commits of a private repository: git's own server behind HTTP, which wants the token and writes down what it was asked. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeGithub, type FakeGithub } from '../fakes/github/server.ts';
import { hostPull, hostRepository, pullStep, type Hosted, type PullCommits } from '../support/checkout.ts';
import { gitEnvironment, makeTempDir } from '../support/repo.ts';
import { runStep } from '../support/runner.ts';
import { githubToken } from '../support/tokens.ts';

const folder = makeTempDir('fetch');
afterAll(() => folder.remove());

let github: FakeGithub;
let hosted: Hosted;
let commits: PullCommits;
let server: Server;
let url = '';
let authorizations: (string | undefined)[] = [];

beforeEach(async () => {
  github = await startFakeGithub();
  hosted = hostRepository(folder.path);
  commits = hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'app.env': `TOKEN=${githubToken('fetch')}\n` }]);
  authorizations = [];
  const root = hosted.serverUrl.slice('file://'.length);
  server = createServer((request, response) => serve(root, request, response));
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await github.close();
});

function basic(token: string): string {
  return `basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
}

/** `git http-backend` is a CGI program. */
function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  authorizations.push(request.headers.authorization);
  if (request.headers.authorization !== basic(github.state.token.value)) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    return;
  }
  const { pathname, search } = new URL(request.url ?? '/', url);
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'runner',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.once('close', () => {
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf('\r\n\r\n');
    const headers = answer.subarray(0, end).toString('latin1').split('\r\n');
    const status = headers.find((line) => line.startsWith('Status:'));
    response.statusCode = status === undefined ? 200 : Number(status.split(' ')[1]);
    for (const line of headers.filter((each) => each !== status)) {
      const at = line.indexOf(':');
      response.setHeader(line.slice(0, at), line.slice(at + 1).trim());
    }
    response.end(answer.subarray(end + 4));
  });
}

/** A git before the real one, which writes down its arguments. */
function watchedGit(): { readonly path: string; arguments(): string } {
  const programs = join(folder.path, 'watched');
  const log = join(programs, 'arguments.txt');
  mkdirSync(programs, { recursive: true });
  rmSync(log, { force: true });
  const search = process.env['PATH'] ?? '';
  const real =
    search
      .split(delimiter)
      .map((place) => join(place, 'git'))
      .find((file) => existsSync(file)) ?? '';
  writeFileSync(join(programs, 'git'), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nexec '${real}' "$@"\n`, {
    mode: 0o755,
  });
  return { path: [programs, search].join(delimiter), arguments: () => readFileSync(log, 'utf8') };
}

test('the token goes to the server, and stands in no argument and in no file', async () => {
  const token = github.state.token.value;
  const watched = watchedGit();
  const step = pullStep(hosted, commits);
  const result = await runStep({ ...step, apiUrl: github.url, serverUrl: url, token, env: { PATH: watched.path } });
  expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
  expect(authorizations.filter((value) => value === basic(token)).length).toBeGreaterThan(0);
  expect(watched.arguments()).toContain('fetch');
  const encoded = Buffer.from(`x-access-token:${token}`).toString('base64');
  for (const text of [watched.arguments(), readFileSync(join(step.workspace, '.git/config'), 'utf8'), result.raw])
    expect([text.includes(token), text.includes(encoded)]).toEqual([false, false]);
});

test('no more of the history is fetched than the commits of the pull request and their parents', async () => {
  const { work } = hosted;
  work.git('checkout', '--quiet', '--detach', commits.base);
  for (let i = 0; i < 5; i++) work.commitFiles({ [`main-${i}.txt`]: `${i}\n` });
  const base = work.git('rev-parse', 'HEAD');
  hosted.push(base, 'refs/heads/main');
  work.git('checkout', '--quiet', '--detach', commits.head);
  work.git('merge', '--quiet', '--no-ff', '-m', 'Update branch', base);
  const head = work.git('rev-parse', 'HEAD');
  hosted.push(head, 'refs/pull/7/head');
  const merge = hosted.merge(base, head, 7);
  await github.close();
  github = await startFakeGithub({ comparisons: { [`${base}...${head}`]: hosted.compare(base, head) } });
  const watched = watchedGit();
  const result = await runStep({
    ...pullStep(hosted, { base, head, merge }),
    apiUrl: github.url,
    serverUrl: url,
    token: github.state.token.value,
    env: { PATH: watched.path },
  });
  expect(result.outputs['findings']).toBe('1');
  const fetches = watched
    .arguments()
    .split('\n')
    .filter((line) => line.startsWith('fetch '));
  // One commit, one merge.
  expect(fetches.map((line) => /--depth=\d+/.exec(line)?.[0])).toEqual(['--depth=3']);
});

test('the checkout stays as it was, and what its configuration asks for is not run', async () => {
  const step = pullStep(hosted, commits);
  const trap = join(folder.path, 'trap');
  const config = join(step.workspace, '.git/config');
  const before = readFileSync(config, 'utf8');
  const hostile = `${before}[core]\n\tfsmonitor = touch ${trap}\n\tsshCommand = touch ${trap}\n[remote "origin"]\n\tuploadpack = touch ${trap}\n[gc]\n\trecentObjectsHook = touch ${trap}\n`;
  writeFileSync(config, hostile);
  const shallow = readFileSync(join(step.workspace, '.git/shallow'), 'utf8');
  const result = await runStep({ ...step, apiUrl: github.url, serverUrl: url, token: github.state.token.value });
  expect(result.outputs['findings']).toBe('1');
  expect(existsSync(trap)).toBe(false);
  expect(readFileSync(config, 'utf8')).toBe(hostile);
  expect(readFileSync(join(step.workspace, '.git/shallow'), 'utf8')).toBe(shallow);
});

test.each([
  { title: 'no token', token: '', said: 'there is no token to fetch with' },
  { title: 'another token', token: 'another', said: 'the token needs "contents: read"' },
])('with $title the run is incomplete, and says so', async ({ token, said }) => {
  const result = await runStep({ ...pullStep(hosted, commits), apiUrl: github.url, serverUrl: url, token });
  expect(result.code).toBe(2);
  expect(result.annotations.map(({ text }) => text)).toEqual([expect.stringContaining(said)]);
});
