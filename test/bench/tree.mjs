#!/usr/bin/env node
/**
 * A scan of the files of a directory, beside reading them all with cat, and beside other scanners.
 *
 *   npm run bench -- tree [--rounds N] [--peers a,b|all|none] [--peer-rounds N] [--timeout SECONDS] [--no-unleak] DIRECTORY…
 *
 * Whole processes, interleaved; default rules, no verification; reports go to temporary files that are removed. What lies
 * in a .git folder does not count: best give it a checkout without one.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { peerScans, unleakSays, unleakScan, warmUp } from './contenders.mjs';
import { printGoals, ratioGoal } from './goals.mjs';
import { describeMachine } from './machine.mjs';
import { compare } from './measure.mjs';
import { amounts } from './reports.mjs';
import { wallOf } from './table.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    peers: { type: 'string', default: 'all' },
    'peer-rounds': { type: 'string' },
    timeout: { type: 'string', default: '1800' },
    'no-unleak': { type: 'boolean', default: false },
  },
});
if (positionals.length === 0) {
  console.error(
    'usage: tree [--rounds N] [--peers a,b|all|none] [--peer-rounds N] [--timeout SECONDS] [--no-unleak] DIRECTORY…',
  );
  process.exit(2);
}

/** All regular files below a directory, but for .git folders. */
function filesOf(directory) {
  const found = { files: 0, bytes: 0 };
  const folders = [directory];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== '.git') folders.push(path);
      if (!entry.isFile()) continue;
      found.files++;
      found.bytes += lstatSync(path).size;
    }
  }
  return found;
}

const peerRounds = values['peer-rounds'] === undefined ? undefined : Number(values['peer-rounds']);

console.log(describeMachine());
if (!values['no-unleak']) await warmUp();
for (const path of positionals) {
  const directory = resolve(path);
  const held = filesOf(directory);
  console.log(`\n## ${basename(directory)}\n\n${amounts(held)}\n`);
  const reading = {
    name: 'find, cat',
    command: 'sh',
    args: ['-c', 'find "$1" -name .git -prune -o -type f -print0 | xargs -0 cat > /dev/null', 'sh', directory],
    read: () => ({ scanned: amounts(held) }),
  };
  const ours = values['no-unleak']
    ? []
    : [unleakScan(`unleak ${unleakSays('--version')}`, ['--history', 'no', directory])];
  const peers = await peerScans(values.peers, 'tree', () => directory, peerRounds);
  const [, ...others] = await compare(`Files of ${basename(directory)}`, [reading, ...ours, ...peers], {
    rounds: Number(values.rounds),
    timeout: Number(values.timeout),
  });
  if (ours.length === 0) continue;
  const [unleak, ...peerResults] = others;
  const best = peerResults
    .filter((peer) => !wallOf(peer).over)
    .sort((a, b) => wallOf(a).seconds - wallOf(b).seconds)[0];
  if (!unleak.failed && best !== undefined) printGoals([ratioGoal(unleak, best, 0.5)]);
}
