/**
 * The commit of a release: what main holds, and what was built from it. Users of the pre-commit framework and of the
 * action clone it and run what is there. It is made and compared in an index of its own, so that neither the work tree nor
 * a branch changes.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders that only the commit of a release holds: of the CLI, which the root's `bin` leads to, and of every action. */
export function builtFolders(root: string): readonly string[] {
  const actions = readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'action.yml')))
    .sort();
  return ['cli', ...actions].map((name) => `packages/${name}/dist`);
}

/** A commit on top of HEAD with these folders as they lie in the work tree, although git ignores them; gives its id. */
export function commitBuilt(root: string, folders: readonly string[], message: string): string {
  return withBuilt(root, folders, (git) => {
    const tree = git('write-tree');
    return git('commit-tree', '-p', 'HEAD', '-m', message, tree);
  });
}

/** Files of these folders that HEAD does not hold as they lie in the work tree. */
export function differentFromHead(root: string, folders: readonly string[]): readonly string[] {
  return withBuilt(root, folders, (git) =>
    git('diff-index', '--cached', '--name-only', 'HEAD', '--', ...folders)
      .split('\n')
      .filter((line) => line !== ''),
  );
}

type Git = (...args: readonly string[]) => string;

function withBuilt<T>(root: string, folders: readonly string[], work: (git: Git) => T): T {
  const scratch = mkdtempSync(join(tmpdir(), 'unleak-release-'));
  const env = { ...process.env, GIT_INDEX_FILE: join(scratch, 'index') };
  const git: Git = (...args) => execFileSync('git', args, { cwd: root, env, encoding: 'utf8' }).trim();
  try {
    git('read-tree', 'HEAD');
    git('add', '--all', '--force', '--', ...folders);
    return work(git);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
