#!/usr/bin/env node
/**
 * What a person waits for: `--version`, and a staged scan of a commit of ten files, beside `node -e 0`. The installed
 * binary is run directly.
 *
 *   node test/bench/startup.mjs [--rounds N]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './measure.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' } } });
const unleak = fileURLToPath(new URL('../../packages/cli/bin/unleak.mjs', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'unleak-bench-'));
try {
  const git = (...args) =>
    execFileSync('git', ['-C', dir, '-c', 'user.name=b', '-c', 'user.email=b@example.org', ...args], {
      stdio: 'ignore',
    });
  git('init', '-q');
  const source = 'export function area(width, height) {\n  return width * height;\n}\n'.repeat(60);
  for (let i = 0; i < 10; i++) writeFileSync(join(dir, `file${i}.js`), `// ${i}\n${source}`);
  git('add', '.');
  git('commit', '-qm', 'first');
  for (let i = 0; i < 10; i++) writeFileSync(join(dir, `file${i}.js`), `// ${i} changed\n${source}`);
  git('add', '.');
  await compare(
    'start-up',
    [
      { name: 'node -e 0', command: process.execPath, args: ['-e', '0'] },
      { name: 'unleak --version', command: process.execPath, args: [unleak, '--version'] },
      {
        name: 'unleak scan --staged (10 files)',
        command: process.execPath,
        args: [unleak, 'scan', '--staged'],
        cwd: dir,
      },
    ],
    { rounds: Number(values.rounds) },
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
