/** What a runner hands over may be hostile, broken or somebody else's: one line, exit code 2, and nothing gets out. */
import { existsSync, mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startFakeGithub, type FakeGithub } from '../fakes/github/server.ts';
import { hostPull, hostRepository, payloads, pullStep, type Hosted, type PullCommits } from '../support/checkout.ts';
import { makeTempDir } from '../support/repo.ts';
import { runStep, type Step, type StepResult } from '../support/runner.ts';
import { githubToken } from '../support/tokens.ts';

const folder = makeTempDir('hostile');
afterAll(() => folder.remove(), 60_000);

let github: FakeGithub;
let hosted: Hosted;
let commits: PullCommits;
let servers: Server[] = [];
beforeEach(async () => {
  hosted = hostRepository(folder.path);
  commits = hostPull(hosted, [{ 'README.md': 'a shop\n' }], [{ 'app.env': `TOKEN=${githubToken('hostile')}\n` }]);
  github = await startFakeGithub();
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
  await github.close();
});

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function scan(more: Partial<Step> = {}): Promise<StepResult> {
  return await runStep({ apiUrl: github.url, token: github.state.token.value, ...pullStep(hosted, commits), ...more });
}

/** What is told of the run itself. */
function told({ annotations }: StepResult): readonly string[] {
  return annotations.flatMap(({ level, text, title }) => (title === 'unleak' ? [`${level}: ${text}`] : []));
}

const long = 'x'.repeat(10 << 20);
const pull = (base: unknown, head: unknown): unknown => ({ pull_request: { number: 7, base, head } });

describe('payloads', () => {
  test.each<readonly [name: string, payload: unknown]>([
    ['null', 'null'],
    ['a number', 7],
    ['a text', JSON.stringify(long)],
    ['a number beyond numbers', '{"pull_request":{"number":1e999}}'],
    ['deeply nested', '['.repeat(200_000)],
    ['a pull request that is null', { pull_request: null }],
    ['a pull request that is a list', { pull_request: [] }],
    ['commits of 10 MB', pull({ sha: long }, { sha: long })],
    ['39 digits', pull({ sha: 'a'.repeat(39) }, { sha: 'b'.repeat(40) })],
    ['capitals', pull({ sha: 'A'.repeat(40) }, { sha: 'B'.repeat(40) })],
    ['a line break behind the id', pull({ sha: `${'a'.repeat(40)}\n` }, { sha: 'b'.repeat(40) })],
    ['steps up', pull({ sha: '../'.repeat(13) + 'a' }, { sha: 'b'.repeat(40) })],
    [
      'a number of 1.5',
      { pull_request: { number: 1.5, base: { sha: 'a'.repeat(40) }, head: { sha: 'b'.repeat(40) } } },
    ],
  ])('%s: one line and exit code 2', async (_name, payload) => {
    const result = await scan({ payload });
    expect(result.code, result.log.slice(0, 2000)).toBe(2);
    expect(told(result)).toHaveLength(1);
    expect(result.raw.length).toBeLessThan(2000);
    expect(result.outputs['exit-code']).toBe('2');
    expect(result.log).not.toMatch(/^\s+at /m);
  });

  test('names of 10 MB, and hostile ones, change nothing', async () => {
    const hostile = '--upload-pack=touch x\n::add-mask::y\n';
    const payload = payloads.pullRequest(commits.base, commits.head) as Record<string, unknown>;
    const result = await scan({
      payload: { ...payload, sender: { login: long }, repository: { default_branch: hostile }, forced: false },
    });
    expect([result.code, result.outputs['findings'], result.otherCommands]).toEqual([1, '1', []]);
  });
});

describe('variables', () => {
  test.each<readonly [name: string, env: Readonly<Record<string, string | undefined>>]>([
    ['no event', { GITHUB_EVENT_NAME: undefined }],
    ['a payload that is a folder', { GITHUB_EVENT_PATH: folder.path }],
    ['a payload that never ends', { GITHUB_EVENT_PATH: '/dev/zero' }],
    ['a commit that is an option', { GITHUB_SHA: '--upload-pack=touch x' }],
    ['a repository with steps up', { GITHUB_REPOSITORY: 'a/../b' }],
    ['a server that is a program', { GITHUB_SERVER_URL: 'ext::sh -c touch% x' }],
    ['an API that is a file', { GITHUB_API_URL: 'javascript:1' }],
  ])('%s: one line and exit code 2', async (_name, env) => {
    const result = await scan({ env });
    expect(result.code, result.log).toBe(2);
    expect(told(result)).toHaveLength(1);
    expect(result.log).not.toMatch(/^\s+at /m);
    expect(existsSync(join(hosted.work.path, 'x'))).toBe(false);
  });

  test('outputs that cannot be written are an error: a later step would read nothing for nothing found', async () => {
    const blocked = join(folder.path, 'a folder');
    mkdirSync(blocked, { recursive: true });
    const result = await scan({ env: { GITHUB_OUTPUT: blocked } });
    expect(result.code, result.log).toBe(2);
    expect(told(result).join('\n')).toContain('GITHUB_OUTPUT names cannot be written');
    expect(result.log).not.toMatch(/^\s+at /m);
  });

  test('a summary that cannot be written takes nothing from the result', async () => {
    const result = await scan({ env: { GITHUB_STEP_SUMMARY: folder.path } });
    expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
    expect(told(result).join('\n')).toContain("could not write the job's summary");
    expect(result.log).not.toMatch(/^\s+at /m);
  });
});

test('a git server that redirects elsewhere does not make git send the token there', async () => {
  const seen: (string | undefined)[] = [];
  const other = await listen((request, response) => {
    seen.push(request.headers.authorization);
    // Enough of an answer that git goes on, and asks for the commit: with the header that was for the first host.
    response
      .writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' })
      .end('001e# service=git-upload-pack\n0000000eversion 2\n000cls-refs\n0012fetch=shallow\n0000');
  });
  const serverUrl = await listen((request, response) => {
    response.writeHead(301, { location: `${other}${request.url ?? ''}` }).end();
  });
  const result = await scan({ serverUrl });
  expect(result.code, result.log).toBe(2);
  expect(told(result).join('\n')).toContain('could not be fetched');
  expect(seen).toEqual([]);
});

describe('a proxy', () => {
  /** A tunnel, which writes down where to. */
  async function proxy(asked: string[]): Promise<string> {
    const url = await listen((_request, response) => void response.writeHead(405).end());
    servers.at(-1)?.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
      asked.push(request.url ?? '');
      const { hostname, port } = new URL(`http://${request.url ?? ''}`);
      const onward = connect(Number(port), hostname, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.write(head);
        client.pipe(onward).pipe(client);
      });
      for (const end of [client, onward]) end.on('error', () => [client, onward].forEach((each) => each.destroy()));
    });
    return url;
  }

  test('is used for calls to GitHub, but for hosts that NO_PROXY names', async () => {
    for (const no of ['', '127.0.0.1']) {
      const asked: string[] = [];
      const result = await scan({ env: { HTTP_PROXY: await proxy(asked), NO_PROXY: no } });
      expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
      expect(new Set(asked)).toEqual(new Set(no === '' ? [new URL(github.url).host] : []));
      expect(github.state.comments).toHaveLength(1);
    }
  });

  test('that is none is told without its password, and the scan counts', async () => {
    const result = await scan({ env: { HTTP_PROXY: 'http://somebody:opensesame@[::', HTTPS_PROXY: 'http://' } });
    expect([result.code, result.outputs['findings']]).toEqual([1, '1']);
    expect(told(result).join('\n')).toContain('no address of a proxy');
    expect(result.raw).not.toContain('opensesame');
  });
});
