/**
 * The program of gitleaks-action itself, with `unleak` as the `gitleaks` that it gets from its cache. It is not ours to
 * keep here: UNLEAK_GITLEAKS_ACTION names a checkout of it, after `npm ci --omit=dev --ignore-scripts` there.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startFakeArtifacts, type FakeArtifacts } from '../fakes/artifacts.ts';
import { traces } from '../support/canary.ts';
import { parseAs } from '../support/json.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../support/repo.ts';
import { runStep, type StepResult } from '../support/runner.ts';
import { githubToken } from '../support/tokens.ts';

const checkout = process.env['UNLEAK_GITLEAKS_ACTION'];
if (checkout === undefined)
  console.log('not tested: gitleaks-action itself, as UNLEAK_GITLEAKS_ACTION names no checkout');

const VERSION = '8.24.3';
const folder = makeTempDir('gitleaks-action-program');
const secret = githubToken('program');
const posted: { readonly path: string; readonly line: number; readonly commit_id: string; readonly body: string }[] =
  [];
let leaking: TestRepo;
let clean: TestRepo;
let shas: { readonly leaking: string; readonly clean: string };
let artifacts: FakeArtifacts;
let pulled: string;

/** The cache of a runner, and the four calls of GitHub's API that the program makes. */
const server = createServer((request, response) => {
  const path = request.url ?? '';
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => void chunks.push(chunk));
  request.on('end', () => {
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (path.startsWith('/_apis/artifactcache/cache?'))
      send(200, { archiveLocation: `${url()}/archive`, cacheKey: `gitleaks-cache-${VERSION}` });
    else if (path === '/archive') response.writeHead(200).end(emptyArchive());
    else if (path === '/users/acme') send(200, { login: 'acme', type: 'User' });
    else if (path === '/repos/acme/shop/pulls/7/commits') send(200, [{ sha: pulled }]);
    else if (path === '/repos/acme/shop/pulls/7/comments' && request.method === 'GET') {
      send(
        200,
        posted.map((comment) => ({ ...comment, original_line: comment.line })),
      );
    } else if (path === '/repos/acme/shop/pulls/7/comments') {
      posted.push(parseAs(Buffer.concat(chunks).toString('utf8')));
      send(201, {});
    } else send(404, { message: `nobody expects ${path}` });
  });
});

function url(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What is restored is there already; the library packs with zstd where there is one. */
function emptyArchive(): Buffer {
  const end = Buffer.alloc(10_240);
  return spawnSync('zstd', ['--version']).status === 0 ? zstdCompressSync(end) : gzipSync(end);
}

beforeAll(async () => {
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const programs = join(folder.path, `gitleaks-${VERSION}`);
  mkdirSync(programs);
  symlinkSync(join(import.meta.dirname, '../../packages/cli/bin/unleak.mjs'), join(programs, 'gitleaks'));
  leaking = makeRepo(folder.path);
  leaking.commitFiles({ 'README.md': 'a shop\n' });
  clean = makeRepo(folder.path);
  shas = {
    leaking: leaking.commitFiles({ 'app.env': `# settings\nTOKEN=${secret}\n` }),
    clean: clean.commitFiles({ 'README.md': 'a shop\n' }),
  };
});
beforeEach(async () => {
  posted.length = 0;
  artifacts = await startFakeArtifacts();
});
afterEach(async () => {
  await artifacts.close();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  folder.remove();
});

async function run(repo: TestRepo, sha: string, event: string): Promise<StepResult> {
  pulled = sha;
  return await runStep({
    main: join(checkout ?? '', 'src/index.js'),
    workspace: repo.path,
    event,
    payload: {
      number: 7,
      commits: [{ id: sha }],
      repository: { full_name: 'acme/shop', owner: { login: 'acme' }, html_url: 'https://github.com/acme/shop' },
    },
    sha,
    ref: 'refs/heads/main',
    apiUrl: url(),
    serverUrl: 'https://github.com',
    env: {
      ...artifacts.env,
      ACTIONS_CACHE_URL: `${url()}/`,
      GITHUB_TOKEN: 'a-token-of-a-job',
      GITHUB_REPOSITORY_OWNER: 'acme',
      // It uploads a file of the work tree as one of the home folder.
      HOME: folder.path,
      TMPDIR: folder.path,
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    },
  });
}

test.runIf(checkout !== undefined).each(['push', 'pull_request', 'schedule', 'workflow_dispatch'])(
  '%s: what was found fails the check and is told [needs gitleaks-action]',
  async (event) => {
    const result = await run(leaking, shas.leaking, event);
    expect(result.code, result.raw).toBe(1);
    expect(result.outputs['exit-code']).toBe('2');
    expect(result.summary).toContain('Gitleaks detected secrets');
    expect(result.summary).toContain('github-pat');
    expect(result.summary).toContain(shas.leaking.slice(0, 7));
    expect([...artifacts.artifacts.keys()]).toEqual(['gitleaks-results.sarif']);
    const told = [
      result.raw,
      result.summary,
      JSON.stringify(posted),
      readFileSync(join(leaking.path, 'results.sarif'), 'utf8'),
    ];
    expect(traces(Buffer.from(told.join('\n')), [secret])).toEqual([]);
  },
  120_000,
);

test.runIf(checkout !== undefined)(
  'a comment stands on the line, once [needs gitleaks-action]',
  async () => {
    await run(leaking, shas.leaking, 'pull_request');
    await run(leaking, shas.leaking, 'pull_request');
    expect(posted).toMatchObject([{ path: 'app.env', line: 2, commit_id: shas.leaking }]);
    expect(posted[0]?.body).toContain(`${shas.leaking}:app.env:github-pat:2`);
  },
  120_000,
);

test.runIf(checkout !== undefined).each(['push', 'schedule', 'workflow_dispatch'])(
  '%s: nothing found passes [needs gitleaks-action]',
  async (event) => {
    const result = await run(clean, shas.clean, event);
    expect(result.code, result.raw).toBe(0);
    expect(result.outputs['exit-code']).toBe('0');
    expect(result.summary).toContain('No leaks detected');
  },
  120_000,
);
