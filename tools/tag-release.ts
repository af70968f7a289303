/**
 * Tags what main holds as a release: builds from clean, commits what was built on top of HEAD, and tags that commit. No
 * branch moves and nothing is pushed. docs/releasing.md says what comes before and after.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { builtFolders, commitBuilt } from './release/built-commit.ts';
import { obstacles } from './release/ready.ts';
import { readManifest } from './release/versions.ts';
import { StepFailure } from './test-run/run-steps.ts';
import { runNode } from './test-run/run-program.ts';

const root = join(import.meta.dirname, '..');
const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

const { version } = readManifest(root, 'package.json');
const tag = `v${version}`;
const found = [
  ...(git('status', '--porcelain') === '' ? [] : ['there are changes that are not committed']),
  ...(git('tag', '--list', tag) === '' ? [] : [`${tag} is there already: raise the version`]),
  ...obstacles(root, tag, undefined),
];
if (found.length > 0) {
  for (const each of found) process.stderr.write(`tag-release: ${each}\n`);
  process.exitCode = 2;
} else {
  await release(tag);
}

async function release(name: string): Promise<void> {
  try {
    await runNode(['tools/pack.ts']);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    process.exitCode = 1;
    return;
  }
  const commit = commitBuilt(
    root,
    builtFolders(root),
    `release: ${version}\n\nWith what was built from ${git('rev-parse', 'HEAD')}.`,
  );
  // Signed where git is configured to (tag.gpgSign).
  git('tag', '--annotate', '--message', `unleak ${version}`, name, commit);
  process.stdout.write(`${name} is ${commit}. To release it: git push origin ${name}\n`);
}
