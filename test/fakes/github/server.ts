/**
 * GitHub's API on a port of this machine. Each request and each answer is held against GitHub's own description; what
 * does not fit, and a call that nobody expects, fails the test when the fake is closed.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseAs } from '../../support/json.ts';
import { badCredentials, plainError, primaryLimit, graphqlRefusal, secondaryLimit, type Answer } from './answers.ts';
import { HANDLERS, type Request } from './handlers.ts';
import { findOperation, type Operation } from './openapi.ts';
import { fakeState, type FakeState, type Fault } from './state.ts';

export interface FakeGithub {
  /** Of the REST API; without a slash at the end. */
  readonly url: string;
  readonly state: FakeState;
  /** Ids of the operations that were called, in order; `graphql` for a question in GraphQL. */
  readonly calls: readonly string[];
  /** Everything that was received, for canaries. */
  readonly received: readonly string[];
  /** @throws Error when a request or an answer was not as GitHub describes it */
  close(): Promise<void>;
}

export async function startFakeGithub(overrides: Partial<FakeState> = {}): Promise<FakeGithub> {
  const state = fakeState(overrides);
  const calls: string[] = [];
  const received: string[] = [];
  const problems: string[] = [];
  const faults = state.faults.map((fault) => ({ fault, left: fault.times }));
  let url = '';

  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      problems.push(`the fake failed: ${String(error)}`);
      response.destroy();
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', url);
    const method = request.method ?? 'GET';
    received.push(`${method} ${request.url ?? ''}\n${text}`);
    const operation = path === '/graphql' ? undefined : findOperation(method, path);
    const id = operation?.id ?? (path === '/graphql' ? 'graphql' : `${method} ${path}`);
    calls.push(id);
    const body = text === '' ? undefined : parseAs<unknown>(text);

    const due = faults.find(({ fault, left }) => left > 0 && (fault.operation === id || fault.operation === '*'));
    if (due !== undefined) {
      due.left--;
      fail(due.fault, request.url ?? '/', response);
    } else if (request.headers.authorization !== `token ${state.token.value}`) {
      send(response, badCredentials());
    } else if (id === 'graphql') {
      send(response, viewer(body, state, problems));
    } else {
      send(response, answer(operation, id, { query, body, path }));
    }
  }

  function answer(
    operation: Operation | undefined,
    id: string,
    asked: Pick<Request, 'query' | 'body' | 'path'>,
  ): Answer {
    const handler = HANDLERS[id];
    if (operation === undefined || handler === undefined) {
      problems.push(`nobody expects ${id}`);
      return plainError(500, 'not expected');
    }
    const wrong = operation.requestProblems(asked.query, asked.body);
    problems.push(...wrong.map((problem) => `request of ${id}: ${problem}`));
    const { parameters } = operation;
    const given = handler({ ...asked, parameters, url, example: (status) => operation.example(status) }, state);
    const off = operation.responseProblems(given.status, given.body);
    problems.push(...off.map((problem) => `answer of ${id}: ${problem}`));
    return given;
  }

  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    state,
    calls,
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => {
        server.close(done);
      });
      if (problems.length > 0) throw new Error(`GitHub's API was not used as it is described:\n${problems.join('\n')}`);
    },
  };
}

/** The one question that REST has not. */
function viewer(body: unknown, state: FakeState, problems: string[]): Answer {
  const { query } = body as { readonly query: string };
  if (query.replaceAll(/\s+/g, '') !== '{viewer{login}}') problems.push(`nobody expects the question ${query}`);
  return { status: 200, body: { data: { viewer: { login: state.token.login } } } };
}

function fail({ kind, retryAfter = 1 }: Fault, path: string, response: ServerResponse): void {
  switch (kind) {
    case 'hang':
      return;
    case 'drop':
      response.destroy();
      return;
    case 'redirect':
      response.writeHead(307, { location: 'http://localhost:9/elsewhere' }).end();
      return;
    case 'moved':
      response.writeHead(301, { location: path }).end();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>');
      return;
    case 'errors':
      send(response, graphqlRefusal());
      return;
    case 'secondary':
      send(response, secondaryLimit(retryAfter));
      return;
    case 'primary':
      send(response, primaryLimit(Math.floor(Date.now() / 1000) + retryAfter));
      return;
    default:
      send(response, plainError(kind, `status ${kind}`));
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
