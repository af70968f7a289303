#!/usr/bin/env node
/**
 * What a second scan of the same history costs: with nothing new, with one rule less and with it again, with one
 * new commit, and when it may not know of the first, beside `node -e 0`.
 *
 *   npm run bench -- incremental [--rounds N] [--timeout SECONDS] REPOSITORY…
 *
 * The commit is made in a copy (a mirror clone, whose packs are hard links where the file system can do that).
 */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { unleakSays, unleakScan, warmUp, workFolder } from './contenders.mjs';
import { printGoals } from './goals.mjs';
import { describeMachine } from './machine.mjs';
import { compare } from './measure.mjs';
import { gitFolder, nameOf, repositoryFacts } from './repository.mjs';
import { count, seconds, wallOf } from './table.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, timeout: { type: 'string', default: '1800' } },
});
if (positionals.length === 0) {
  console.error('usage: incremental [--rounds N] [--timeout SECONDS] REPOSITORY…');
  process.exit(2);
}

/** One that is asked more often than most. */
const RULE = 'generic-password';

/** Adds a commit with one more text to the branch that HEAD names. No work tree is needed. */
function addCommit(repository, number) {
  const git = (args, input = '') =>
    execFileSync('git', ['-C', repository, ...args], { input, encoding: 'utf8' }).trim();
  const blob = git(['hash-object', '-w', '--stdin'], `export const round = ${number};\n`.repeat(100));
  const entries = git(['ls-tree', 'HEAD']).split('\n').filter(Boolean);
  const tree = git(['mktree', '--missing'], `${entries.join('\n')}\n100644 blob ${blob}\tunleak-bench-${number}.js\n`);
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org'];
  git(['update-ref', 'HEAD', git([...author, 'commit-tree', '-p', 'HEAD', '-m', `round ${number}`, tree])]);
}

console.log(describeMachine());
await warmUp();
const canSkip = unleakSays('scan', '--help').includes('--no-incremental');
if (!canSkip) console.log('\nThis build has no --no-incremental: every scan of it is a first scan.');

for (const [at, path] of positionals.entries()) {
  const source = gitFolder(resolve(path));
  const copy = join(workFolder, `repository-${at}.git`);
  execFileSync('git', ['clone', '--quiet', '--mirror', source, copy]);
  const { commits, head } = await repositoryFacts(copy);
  const name = nameOf(path);
  console.log(`\n## ${name} at ${head}\n\n${count(commits)} commits`);

  const scan = (what, args, options) => unleakScan(what, ['--history', 'only', ...args, copy], options);
  const withCommit = scan('one new commit', [], { keepState: true });
  let commitsMade = 0;
  const [first, second, ...others] = await compare(
    `Scans of ${name} one after the other`,
    [
      scan('first scan', []),
      scan('nothing new', [], { keepState: true }),
      ...(canSkip ? [scan('nothing new, --no-incremental', ['--no-incremental'], { keepState: true })] : []),
      ...(canSkip
        ? [
            scan(`without ${RULE}`, ['--disable-rule', RULE], { keepState: true }),
            scan(`with ${RULE} again`, [], { keepState: true }),
          ]
        : []),
      {
        ...withCommit,
        prepare: async () => {
          await withCommit.prepare();
          addCommit(copy, ++commitsMade);
        },
      },
      { name: 'node -e 0', command: process.execPath, args: ['-e', '0'] },
    ],
    { rounds: Number(values.rounds), timeout: Number(values.timeout) },
  );
  const limit = Math.max(0.02 * wallOf(first).seconds, 2 * wallOf(others.at(-1)).seconds);
  const measured = wallOf(second).seconds;
  printGoals([
    {
      what: 'wall: nothing new',
      measured: seconds(measured),
      goal: `≤ ${seconds(limit)}, the larger of 0.02 × the first and 2 × node -e 0`,
      reached: wallOf(first).over || wallOf(second).over ? undefined : measured <= limit,
    },
  ]);
}
