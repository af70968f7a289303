import { afterEach, beforeEach, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import { detect } from './detect.ts';
import { readOwnTips } from './own-tips.ts';
import { openForest } from './pack/forest.ts';
import { openDatabase } from './pack/object-database.ts';
import { makePrivateDir } from './private-dir.ts';
import type { Tips } from './refs.ts';
import { createPackedObjects } from './trees/packed-objects.ts';

const { signal } = new AbortController();

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
beforeEach(() => {
  dir = makeTempDir('tips');
  repo = makeRepo(dir.path);
});
afterEach(() => dir.remove());

async function tipsOf(path: string): Promise<Tips> {
  const found = await detect(path);
  if (found.kind !== 'repository') throw new Error('no repository');
  const own = await makePrivateDir(found, testAmbient({ tmpdir: dir.path }));
  const database = openDatabase(own.objectDirs, own.hash);
  try {
    const forest = await openForest(own.objectDirs, own.hash);
    return await readOwnTips(own, createPackedObjects(forest, database), signal);
  } finally {
    database.close();
    await own.temporary.remove();
  }
}

/** What git says of all refs and HEAD. */
function tipsByGit(): Pick<Tips, 'head' | 'branches' | 'commits' | 'tags'> {
  const refs = repo
    .git('for-each-ref', '--format=%(refname) %(objectname) %(objecttype)')
    .split('\n')
    .map((line) => line.split(' '));
  const peel = (name = ''): string[] => {
    try {
      return [repo.git('rev-parse', '--verify', '-q', `${name}^{commit}`)];
    } catch {
      return [];
    }
  };
  const tags = new Set<string>();
  for (const [, oid = '', type] of refs)
    for (let at = oid, is = type; is === 'tag';) {
      tags.add(at);
      const [object = ''] = repo.git('cat-file', 'tag', at).split('\n');
      at = object.slice('object '.length);
      is = repo.git('cat-file', '-t', at);
    }
  const branches = refs.flatMap(([name = '', oid = '']) => {
    const short = name.replace('refs/heads/', '').replace('refs/remotes/', '');
    return /^refs\/(?:heads|remotes)\/(?!.*\/HEAD$)/.test(name) ? [{ name: short, commit: oid }] : [];
  });
  return {
    head: peel('HEAD')[0],
    branches: branches.sort((a, b) => (a.name < b.name ? -1 : 1)),
    commits: [...new Set([...refs.flatMap(([name]) => peel(name)), ...peel('HEAD')])].sort(),
    tags: [...tags].sort(),
  };
}

function told({ head, branches, commits, tags }: Tips): ReturnType<typeof tipsByGit> {
  return { head, branches, commits: [...commits].sort(), tags: [...tags].sort() };
}

it.each(['packed', 'loose'])('says what git says of branches, other refs and tags of everything, %s', async (kind) => {
  const first = repo.commitFiles({ f: '1' });
  repo.git('tag', 'light');
  repo.git('tag', '-a', 'heavy', '-m', 'x');
  repo.git('tag', '-a', 'of-tag', '-m', 'y', 'heavy');
  repo.git('tag', '-a', 'of-tree', '-m', 'z', `${first}^{tree}`);
  repo.git('update-ref', 'refs/tags/blob', `${first}:f`);
  repo.git('branch', 'topic/one');
  repo.commitFiles({ f: '2' });
  repo.git('tag', '-a', 'only-here', '-m', 'x');
  repo.git('update-ref', 'refs/pull/1/head', first);
  repo.git('update-ref', 'refs/remotes/origin/side', 'HEAD');
  repo.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/side');
  repo.git('reset', '-q', '--hard', first);
  if (kind === 'packed') {
    repo.git('pack-refs', '--all');
    repo.git('gc', '-q', '--prune=now');
  }
  repo.git('branch', 'later');
  expect(told(await tipsOf(repo.path))).toEqual(tipsByGit());
});

it('counts a HEAD that is on no branch', async () => {
  const first = repo.commitFiles({ f: '1' });
  const second = repo.commitFiles({ f: '2' });
  repo.git('checkout', '-q', '--detach');
  repo.git('branch', '-f', 'main', first);
  repo.git('gc', '-q');
  const tips = await tipsOf(repo.path);
  expect(told(tips)).toEqual(tipsByGit());
  expect([tips.head, tips.branch]).toEqual([second, undefined]);
});

it('names refs that lead nowhere', async () => {
  repo.commitFiles({ f: '1' });
  repo.git('gc', '-q');
  repo.writeGitFile('refs/heads/gone', `${'1'.repeat(40)}\n`);
  const { broken, commits, branches } = await tipsOf(repo.path);
  expect([broken, commits.length, branches.map(({ name }) => name)]).toEqual([['refs/heads/gone'], 1, ['main']]);
});
