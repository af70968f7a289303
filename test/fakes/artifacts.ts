/**
 * The service that keeps the artifacts of a run: Twirp with JSON for what an artifact is, and a blob store that takes its
 * content in blocks, as @actions/artifact uses them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseAs } from '../support/json.ts';

export interface FakeArtifacts {
  /** What the runner gives to a step. */
  readonly env: Readonly<Record<string, string>>;
  /** Finished ones: the archive, by name. */
  readonly artifacts: ReadonlyMap<string, Buffer>;
  close(): Promise<void>;
}

const SERVICE = '/twirp/github.actions.results.api.v1.ArtifactService';

export async function startFakeArtifacts({ refuse = false } = {}): Promise<FakeArtifacts> {
  const artifacts = new Map<string, Buffer>();
  const blocks = new Map<string, Buffer>();
  let content: Buffer = Buffer.alloc(0);
  let url = '';
  const token = runtimeToken();

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    if (pathname === '/container/blob') {
      if (searchParams.get('comp') === 'block') blocks.set(searchParams.get('blockid') ?? '', body);
      else if (searchParams.get('comp') === 'blocklist') content = assembled(body.toString('utf8'), blocks);
      else content = body;
      response.writeHead(201, { 'x-ms-request-id': '1' }).end();
      return;
    }
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (refuse || request.headers.authorization !== `Bearer ${token}`) {
      answer(403, { code: 'permission_denied', msg: 'not allowed' });
      return;
    }
    const { name } = parseAs<{ readonly name: string }>(body.toString('utf8'));
    if (pathname === `${SERVICE}/CreateArtifact`)
      answer(200, { ok: true, signed_upload_url: `${url}/container/blob?sig=${'signature-'.repeat(4)}` });
    else if (pathname === `${SERVICE}/FinalizeArtifact`) {
      artifacts.set(name, content);
      answer(200, { ok: true, artifact_id: '1' });
    } else answer(404, { code: 'bad_route', msg: `nobody expects ${pathname}` });
  }

  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: { ACTIONS_RESULTS_URL: `${url}/`, ACTIONS_RUNTIME_TOKEN: token, GITHUB_SERVER_URL: 'https://github.com' },
    artifacts,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
}

/** Names the run and the job, as the library reads it; its signature is nobody's. */
function runtimeToken(): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'none', typ: 'JWT' }), part({ scp: 'Actions.Results:run-1:job-1' }), 'x'].join('.');
}

function assembled(list: string, blocks: ReadonlyMap<string, Buffer>): Buffer {
  const ids = [...list.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map(([, id]) => id ?? '');
  return Buffer.concat(ids.map((id) => blocks.get(id) ?? Buffer.alloc(0)));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
