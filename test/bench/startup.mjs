#!/usr/bin/env node
/**
 * What a person waits for: `--version`, and what is done before a commit of ten files, beside `node -e 0` and the hook of
 * gitleaks. The installed binary is run directly.
 *
 *   node test/bench/startup.mjs [--rounds N]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printGoals, ratioGoal } from './goals.mjs';
import { compare } from './measure.mjs';
import { findPeers } from './peer-binaries.mjs';

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
  const { found, missing } = findPeers(['gitleaks']);
  for (const { name, reason } of missing) console.log(`no ${name}: ${reason}`);
  const [node, , , hook, peer] = await compare(
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
      {
        name: 'unleak hook pre-commit (10 files)',
        command: process.execPath,
        args: [unleak, 'hook', 'pre-commit'],
        cwd: dir,
      },
      ...found.map(({ name, path, version }) => ({
        name: `${name} ${version} git --staged (10 files)`,
        command: path,
        args: ['git', '--pre-commit', '--staged', '--no-banner', '--exit-code', '0'],
        cwd: dir,
      })),
    ],
    { rounds: Number(values.rounds) },
  );
  printGoals([ratioGoal(hook, node, 3), ...(peer === undefined ? [] : [ratioGoal(hook, peer, 2)])]);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
