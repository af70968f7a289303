#!/usr/bin/env node
/**
 * A scan of the full history, beside what any scanner of whole blobs must at least pay, and beside other scanners.
 *
 *   npm run bench -- history [--rounds N] [--peers a,b|all|none] [--peer-rounds N] [--timeout SECONDS] [--no-unleak] REPOSITORY…
 *
 * Whole processes, interleaved; default rules, no verification; reports go to temporary files that are removed. The peers
 * are given the git directory, so that they read no file of a work tree.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { peerScans, unleakSays, unleakScan, warmUp, workFolder } from './contenders.mjs';
import { memoryGoal, printGoals, ratioGoal } from './goals.mjs';
import { compare } from './measure.mjs';
import { describeMachine } from './machine.mjs';
import { amounts } from './reports.mjs';
import { gitFolder, nameOf, readingAll, repositoryFacts } from './repository.mjs';
import { missingObjects, withStandIns } from './stand-ins.mjs';
import { count, peakOf } from './table.mjs';

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
    'usage: history [--rounds N] [--peers a,b|all|none] [--peer-rounds N] [--timeout SECONDS] [--no-unleak] REPOSITORY…',
  );
  process.exit(2);
}

/** Of the time of each peer. */
const goals = { kingfisher: 0.5, gitleaks: 0.1, betterleaks: 0.1, trufflehog: 0.1 };

const peerRounds = values['peer-rounds'] === undefined ? undefined : Number(values['peer-rounds']);

console.log(describeMachine());
if (!values['no-unleak']) await warmUp();
for (const [at, path] of positionals.entries()) {
  const repository = gitFolder(resolve(path));
  const { commits, head, objects, blobs, bytes } = await repositoryFacts(repository);
  const name = nameOf(path);
  console.log(
    `\n## ${name} at ${head}\n\n${count(commits)} commits, ${count(blobs)} blobs, ${amounts({ objects, bytes })} whole\n`,
  );
  const reading = { ...readingAll(repository), read: () => ({ scanned: amounts({ objects, bytes }) }) };
  const ours = values['no-unleak']
    ? []
    : [unleakScan(`unleak ${unleakSays('--version')}`, ['--history', 'only', resolve(path)])];
  const missing = await missingObjects(repository);
  const copy = join(workFolder, `stand-ins-${at}.git`);
  if (missing.length > 0) {
    withStandIns(repository, missing, copy);
    console.log(
      `  ${count(missing.length)} objects are missing here: who reads patches is given empty texts in their place`,
    );
  }
  const target = (peer) => (peer.patches && missing.length > 0 ? copy : repository);
  const peers = await peerScans(values.peers, 'history', target, peerRounds);
  const [floor, ...others] = await compare(`Full history of ${name}`, [reading, ...ours, ...peers], {
    rounds: Number(values.rounds),
    timeout: Number(values.timeout),
  });
  if (ours.length === 0) continue;
  const [unleak, ...peerResults] = others;
  if (unleak.failed) continue;
  printGoals([
    ratioGoal(unleak, floor, 0.35),
    memoryGoal(unleak, 500 * 1e6, ''),
    ...peerResults.flatMap((peer) => againstPeer(unleak, peer)),
  ]);
}

function againstPeer(unleak, peer) {
  if (peer.failed) return [];
  return [
    ratioGoal(unleak, peer, goals[peer.name.split(' ')[0]]),
    memoryGoal(unleak, peakOf(peer), `, against ${peer.name}`),
  ];
}
