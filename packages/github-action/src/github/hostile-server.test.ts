/** A server in the place of GitHub that answers as it likes: bounded in time and size, and nobody else gets the token. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { neutralise } from '@unleak/core';
import { afterEach, expect, test } from 'vitest';
import { createGithub, type Github } from './client.ts';
import { GithubError } from './error.ts';

const token = 'a token for this test alone';
const repository = { owner: 'acme', name: 'shop' };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Gives its address; `seen` are the headers of authorization that it got. */
async function listen(answer: RequestListener): Promise<{ readonly url: string; readonly seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization ?? '');
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function client(apiUrl: string, lines: string[] = [], request = 3000): Github {
  return createGithub({ apiUrl, token, log: (line) => lines.push(line), patience: { pause: 1, wait: 5, request } });
}

async function failure(run: Promise<unknown>): Promise<GithubError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GithubError);
  return error as GithubError;
}

test.each([301, 302, 307, 308])(
  'a redirect (%i) to another host is not followed, with or without the token',
  async (status) => {
    const other = await listen((_request, response) => response.end('{"default_branch":"main"}'));
    const { url } = await listen((_request, response) => {
      response.writeHead(status, { location: `${other.url}/repos/acme/shop` }).end();
    });
    const error = await failure(client(url).defaultBranch(repository));
    expect(error.message).toContain('redirects to another host');
    expect(other.seen).toEqual([]);
  },
);

test.each([
  'file:///etc/passwd',
  '//other.example/x',
  'http://x:y@',
  'javascript:1',
  'data:application/json,{"default_branch":"main"}',
])('nor to %s', async (location) => {
  const { url } = await listen((_request, response) => response.writeHead(302, { location }).end());
  await failure(client(url).defaultBranch(repository));
});

test('a redirect in a circle ends', async () => {
  const { url, seen } = await listen((request, response) => {
    response.writeHead(302, { location: request.url ?? '/' }).end();
  });
  expect((await failure(client(url).defaultBranch(repository))).message).toContain('redirects too often');
  expect(seen.length).toBeLessThan(20);
});

test('the next page of comments on another host is not asked for', async () => {
  const other = await listen((_request, response) => response.end('[]'));
  const { url } = await listen((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json', link: `<${other.url}/next>; rel="next"` })
      .end('[{"id":1,"body":"x","user":null}]');
  });
  await failure(client(url).comments(repository, 7));
  expect(other.seen).toEqual([]);
});

test('pages without end do end', async () => {
  const { url, seen } = await listen((request, response) => {
    const next = `http://${request.headers.host ?? ''}/repos/acme/shop/issues/7/comments?page=${seen.length}`;
    response
      .writeHead(200, { 'content-type': 'application/json', link: `<${next}>; rel="next"` })
      .end('[{"id":1,"body":"x","user":null}]');
  });
  const error = await failure(client(url, [], 60_000).comments(repository, 7));
  expect(error.message).toBe('cannot read the comments of the pull request: there is no end to them');
  expect(seen.length).toBeLessThanOrEqual(101);
});

/** Writes until nobody reads any more. */
function forever(response: ServerResponse, chunk: string, pause: number): void {
  const timer = setInterval(() => {
    for (let i = 0; i < (pause > 1 ? 1 : 64); i++) if (!response.write(chunk)) break;
  }, pause);
  response.once('close', () => clearInterval(timer));
}

const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  'a body without end': (_request, response) => forever(response, ' '.repeat(1 << 20), 1),
  'a byte from time to time': (_request, response) => forever(response, ' ', 100),
  'nothing at all': () => undefined,
  'headers and no body': (_request, response) => void response.writeHead(200, { 'content-length': '9' }).write(''),
  'half of what it announces': (_request, response) => {
    response.writeHead(200, { 'content-length': '9999', 'content-type': 'application/json' });
    response.write('{', () => response.destroy());
  },
  'a page': (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  'no JSON': (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{'),
  null: (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('null'),
  'numbers for names': (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"default_branch":{"__proto__":1}}'),
  'a failure that repeats what it got': (request, response) =>
    response
      .writeHead(422, { 'content-type': 'application/json' })
      .end(JSON.stringify({ message: `\u001b[2J::add-mask::${request.headers.authorization ?? ''}` })),
};

test.each(Object.entries(answers))('%s: one line, soon, without the token', async (_name, answer) => {
  const { url } = await listen(answer);
  const lines: string[] = [];
  const error = await failure(client(url, lines).defaultBranch(repository));
  for (const line of [error.message, ...lines]) {
    expect(line).not.toContain(token);
    expect(neutralise(line)).toBe(line);
  }
});

test.each(['99999999999', '-1', 'soon', '1e9', '', '0x10', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
  'told to wait for %j it does not wait for long',
  async (after) => {
    for (const status of [403, 429, 503]) {
      const { url, seen } = await listen((_request, response) => {
        response
          .writeHead(status, {
            'retry-after': after,
            'x-ratelimit-remaining': '0',
            'x-ratelimit-reset': '99999999999999',
          })
          .end('{"message":"You have exceeded a secondary rate limit"}');
      });
      await failure(client(url).defaultBranch(repository));
      expect(seen.length).toBeLessThan(6);
    }
  },
);
