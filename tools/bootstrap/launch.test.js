import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { onPath } from './launch.mjs';

const launchModule = JSON.stringify(join(import.meta.dirname, 'launch.mjs'));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unleak-launch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a process that launches a script, in itself or (`apart`) in a child, as it does when the Node is another. */
function launched(text, { apart, args = [] }) {
  const script = join(folder, 'script.mjs');
  writeFileSync(script, text);
  const list = [...(apart ? ['--conditions=dev'] : []), script, ...args];
  const code = `
    import { launch } from ${launchModule};
    await launch({ path: process.execPath }, ${JSON.stringify(list)}, { cwd: ${JSON.stringify(folder)} });`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function outcome(child) {
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const [code, signal] = await once(child, 'close');
  return { code, signal, output };
}

test.each([{ apart: false }, { apart: true }])(
  'arguments, folder, stdin, stdout and exit code pass through ($apart)',
  async ({ apart }) => {
    const child = launched(
      `process.stdin.on('data', (chunk) => process.stdout.write(chunk));
     console.log(JSON.stringify(process.argv.slice(2)), process.cwd().endsWith(${JSON.stringify(folder.slice(-12))}));
     process.exitCode = 3;`,
      { apart, args: ['a b', '--c', ''] },
    );
    child.stdin.end('given');
    expect(await outcome(child)).toEqual({ code: 3, signal: null, output: '["a b","--c",""] true\ngiven' });
  },
);

test('a signal reaches the child, which decides what comes of it', async () => {
  const child = launched(
    `process.on('SIGTERM', () => { console.log('term'); process.exit(7); });
     setInterval(() => {}, 1000);
     console.log('up');`,
    { apart: true },
  );
  child.stdout.once('data', () => child.kill('SIGTERM'));
  expect(await outcome(child)).toEqual({ code: 7, signal: null, output: 'up\nterm\n' });
});

test('a child that dies of a signal is seen to have died of it', async () => {
  const child = launched(`process.kill(process.pid, 'SIGKILL');`, { apart: true });
  expect((await outcome(child)).signal).toBe('SIGKILL');
});

test('the first folder of PATH that holds an executable file of the name wins', () => {
  const [first, second] = ['first', 'second'].map((name) => join(folder, name));
  for (const path of [first, second]) mkdirSync(path);
  mkdirSync(join(first, 'tool'));
  writeFileSync(join(second, 'tool'), '');
  chmodSync(join(second, 'tool'), 0o755);
  expect(onPath('tool', [first, second].join(delimiter))).toBe(join(second, 'tool'));
  expect(onPath('unknown-tool', first)).toBe('unknown-tool');
});
