#!/usr/bin/env node
/**
 * Full-history scan beside what any scanner of whole blobs must at least pay, and beside the peers that are installed.
 *
 *   node test/bench/history.mjs [--rounds N] [--peers gitleaks,betterleaks,kingfisher,trufflehog] REPOSITORY…
 *
 * Default rules, no verification, nothing written but to /dev/null. Run it through `npm run bench -- history …`.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './measure.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    peers: { type: 'string', default: 'gitleaks,betterleaks,kingfisher,trufflehog' },
  },
});
if (positionals.length === 0) {
  console.error('usage: history.mjs [--rounds N] [--peers a,b] REPOSITORY…');
  process.exit(2);
}

const unleak = fileURLToPath(new URL('../../packages/cli/bin/unleak.mjs', import.meta.url));

const PEERS = {
  gitleaks: (repo) => ['git', '--no-banner', '--log-level', 'error', '--exit-code', '0', repo],
  betterleaks: (repo) => ['git', '--no-banner', '--log-level', 'error', '--exit-code', '0', repo],
  kingfisher: (repo) => ['scan', repo, '--no-validate', '--quiet'],
  trufflehog: (repo) => ['git', `file://${repo}`, '--no-verification', '--no-update', '--json'],
};

function versionOf(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      .trim()
      .split('\n')[0];
  } catch {
    return undefined;
  }
}

for (const repo of positionals) {
  const git = (...args) => execFileSync('git', ['-C', repo, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }).trim();
  console.log(
    `\n${repo.split('/').slice(-2).join('/')}: ${git('rev-list', '--all', '--count')} commits, HEAD ${git('rev-parse', 'HEAD')}`,
  );
  const contenders = [
    {
      name: 'git cat-file --batch-all-objects',
      command: 'git',
      args: ['-C', repo, 'cat-file', '--batch-all-objects', '--batch', '--buffer', '--unordered'],
    },
    {
      name: 'unleak scan --history only',
      command: process.execPath,
      args: [unleak, 'scan', '--history', 'only', '--format', 'json', '--output', '/dev/null', '--quiet', repo],
    },
  ];
  for (const peer of values.peers.split(',').filter(Boolean)) {
    const version = versionOf(peer, ['version']) ?? versionOf(peer, ['--version']);
    if (version === undefined || PEERS[peer] === undefined) console.log(`  ${peer}: not installed, not measured`);
    else contenders.push({ name: `${peer} ${version.slice(0, 24)}`, command: peer, args: PEERS[peer](repo) });
  }
  await compare('full history', contenders, { rounds: Number(values.rounds) });
}
