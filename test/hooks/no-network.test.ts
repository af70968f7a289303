/** A hook opens no socket: whatever tries to is told in a file, and fails. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookedRepo, personEnvironment, runHook } from '../support/hooked-repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { githubToken } from '../support/tokens.ts';

const GUARD = `
const { appendFileSync } = require('node:fs');
const refuse = (what) => () => {
  appendFileSync(process.env.TOLD, what + '\\n');
  throw new Error('a socket was asked for: ' + what);
};
const net = require('node:net');
net.Socket.prototype.connect = refuse('net.connect');
net.connect = net.createConnection = refuse('net.connect');
net.Server.prototype.listen = refuse('net.listen');
require('node:dgram').createSocket = refuse('dgram');
const dns = require('node:dns');
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
  dns[name] = refuse('dns.' + name);
  dns.promises[name] = refuse('dns.' + name);
}
globalThis.fetch = refuse('fetch');
`;

test('neither pre-commit, with and without --fix, nor pre-push', () => {
  const folder = tempFolder();
  const guard = join(folder, 'guard.cjs');
  const told = join(folder, 'told');
  writeFileSync(guard, GUARD);
  const env = { ...personEnvironment(), NODE_OPTIONS: `--require=${guard}`, TOLD: told };
  const repo = hookedRepo();
  repo.write('a.js', `const apiToken = "${githubToken('network')}";\n`);
  repo.stage();
  expect(runHook('pre-commit', [], { cwd: repo.path, env }).code).toBe(1);
  repo.commit();
  repo.git('remote', 'add', 'origin', 'https://127.0.0.1:9/x.git');
  const input = `refs/heads/main ${repo.git('rev-parse', 'HEAD')} refs/heads/main ${'0'.repeat(40)}\n`;
  expect(runHook('pre-push', ['origin', 'https://127.0.0.1:9/x.git'], { cwd: repo.path, env, input }).code).toBe(1);
  repo.write('b.js', `const apiToken = "${githubToken('network fix')}";\n`);
  repo.stage();
  expect(runHook('pre-commit', ['--fix', '--yes'], { cwd: repo.path, env }).said).toContain('changed b.js');
  expect(existsSync(told) ? readFileSync(told, 'utf8') : '').toBe('');
});

test('the guard itself notices', () => {
  const folder = tempFolder();
  const guard = join(folder, 'guard.cjs');
  writeFileSync(guard, `${GUARD}\ntry { require('node:net').connect(9); } catch {}\n`);
  const told = join(folder, 'told');
  const env = { ...personEnvironment(), NODE_OPTIONS: `--require=${guard}`, TOLD: told };
  runHook('pre-commit', [], { cwd: folder, env });
  expect(readFileSync(told, 'utf8')).toContain('net.connect');
});
