/**
 * ci/unleak-ci.sh with the real npm, from a registry on loopback that has our tarball: what is scanned must have no say in
 * where the scanner comes from.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { template, VERSION } from '../support/ci.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { tarballs } from '../support/tarballs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const files = tarballs();

interface Registry {
  readonly url: string;
  readonly asked: string[];
}

/** Knows the one package; gives what was asked for. */
async function registry(): Promise<Registry> {
  const bytes = readFileSync(files.cli);
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const { port } = server.address() as AddressInfo;
    const tarball = `http://127.0.0.1:${port}/unleak.tgz`;
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const manifest = {
      name: 'unleak',
      version: VERSION,
      bin: { unleak: 'bin/unleak.mjs' },
      dist: { tarball, integrity },
    };
    if (request.url === '/unleak.tgz') response.end(bytes);
    else if (request.url === '/unleak')
      response.end(
        JSON.stringify({ name: 'unleak', 'dist-tags': { latest: VERSION }, versions: { [VERSION]: manifest } }),
      );
    else response.writeHead(404).end('{}');
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => resolve(undefined));
  await promise;
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

/** Each file says that it was run by writing another one. */
function hostileRepo(): TestRepo {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.txt': 'a' });
  repo.git('checkout', '-q', '-b', 'topic');
  const program = '#!/bin/sh\ntouch pwned\n';
  repo.write('.npmrc', 'registry=http://127.0.0.1:9/\nscript-shell=./node_modules/.bin/unleak\n');
  repo.write(
    'package.json',
    JSON.stringify({ name: 'app', scripts: { preinstall: 'touch pwned' }, bin: { unleak: 'x.sh' } }),
  );
  mkdirSync(join(repo.path, 'node_modules/.bin'), { recursive: true });
  for (const name of ['node_modules/.bin/unleak', 'node_modules/.bin/node', 'x.sh', 'npm', 'unleak']) {
    writeFileSync(join(repo.path, name), program);
    chmodSync(join(repo.path, name), 0o755);
  }
  repo.commitFiles({ 'new.env': `TOKEN=${githubToken('new')}\n` });
  return repo;
}

/** The operator's registry stands in their own .npmrc, which a project's would override. */
function run(repo: TestRepo, operatorsRegistry: string): Promise<{ readonly code: number; readonly log: string }> {
  const home = tempFolder();
  writeFileSync(join(home, '.npmrc'), `registry=${operatorsRegistry}\n`);
  return new Promise((resolve) => {
    const child = execFile(
      'sh',
      ['-c', template('unleak-ci.sh'), 'sh', '--format', 'csv'],
      {
        cwd: repo.path,
        env: {
          PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
          HOME: home,
          TMPDIR: home,
          UNLEAK_CI_BRANCH: 'topic',
          npm_config_fetch_retries: '0',
        },
      },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, log: stdout + stderr }),
    );
  });
}

test('unleak comes from the registry of the operator, whatever the repository says', async () => {
  const { url, asked } = await registry();
  const repo = hostileRepo();
  const { code, log } = await run(repo, url);
  expect(log).toMatch(/^c1_.*,new\.env,/m);
  expect(code).toBe(1);
  expect(asked).toEqual(['/unleak', '/unleak.tgz']);
  expect(existsSync(join(repo.path, 'pwned'))).toBe(false);
});

test('a registry that does not answer: exit code 2, and a sentence', async () => {
  const repo = hostileRepo();
  const { code, log } = await run(repo, 'http://127.0.0.1:9/');
  expect(log).toContain('unleak-ci: unleak could not be installed from the npm registry');
  expect(code).toBe(2);
  expect(existsSync(join(repo.path, 'pwned'))).toBe(false);
});
