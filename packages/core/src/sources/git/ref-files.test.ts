import fs, { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveRef, listRefs } from 'isomorphic-git';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import { detect, type Repository } from './detect.ts';
import { headBranch, headOid, isRefName, readHeadOid, readRefFiles } from './ref-files.ts';

let dir: ReturnType<typeof makeTempDir>;
let repo: TestRepo;
beforeEach(() => {
  dir = makeTempDir('refs');
  repo = makeRepo(dir.path);
});
afterEach(() => dir.remove());

async function repository(): Promise<Repository> {
  const found = await detect(repo.path);
  if (found.kind !== 'repository') throw new Error('no repository');
  return found;
}

it('agrees with git and with isomorphic-git on loose, packed and replaced refs', async () => {
  repo.commitFiles({ f: '1' });
  repo.git('tag', 'light');
  repo.git('tag', '-a', 'heavy', '-m', 'x');
  repo.git('branch', 'topic/one');
  repo.git('branch', 'ünï');
  repo.git('pack-refs', '--all');
  repo.commitFiles({ f: '2' });
  repo.git('branch', 'loose');
  repo.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/heads/loose');
  const files = await readRefFiles(await repository(), 'sha1');
  const listed = repo.git('for-each-ref', '--format=%(objectname) %(refname)').split('\n');
  expect(files.refs.map(({ oid, name }) => `${oid} ${name}`)).toEqual(
    [...listed].sort((a, b) => (a.slice(41) < b.slice(41) ? -1 : 1)),
  );
  for (const { name, oid } of files.refs) expect(await resolveRef({ fs, gitdir: repo.gitDir, ref: name })).toBe(oid);
  expect((await listRefs({ fs, gitdir: repo.gitDir, filepath: 'refs/heads' })).sort()).toEqual(
    files.refs.flatMap(({ name }) => (name.startsWith('refs/heads/') ? [name.slice(11)] : [])).sort(),
  );
  expect([headOid(files), headBranch(files)]).toEqual([repo.git('rev-parse', 'HEAD'), 'refs/heads/main']);
  expect(files.broken).toBe(0);
});

it('finds HEAD quickly: loose, packed, detached, unborn, linked, of another work tree', async () => {
  expect(await readHeadOid(await repository(), 'sha1')).toBeUndefined();
  const first = repo.commitFiles({ f: '1' });
  expect(await readHeadOid(await repository(), 'sha1')).toBe(first);
  repo.git('branch', 'a/main');
  repo.git('pack-refs', '--all');
  expect(await readHeadOid(await repository(), 'sha1')).toBe(first);
  const second = repo.commitFiles({ f: '2' });
  expect(await readHeadOid(await repository(), 'sha1')).toBe(second);
  repo.git('checkout', '-q', '--detach', first);
  expect(await readHeadOid(await repository(), 'sha1')).toBe(first);
  const linked = join(dir.path, 'linked');
  repo.git('worktree', 'add', '-q', linked, 'main');
  repo.git('pack-refs', '--all');
  const other = await detect(linked);
  expect(other.kind === 'repository' && (await readHeadOid(other, 'sha1'))).toBe(second);
});

it('keeps the ids of ill-named refs, counts what is no ref, and follows no link out', async () => {
  const first = repo.commitFiles({ f: '1' });
  repo.writeGitFile('refs/heads/bad name', `${first}\n`);
  repo.writeGitFile('refs/heads/garbage', 'hello\n');
  repo.writeGitFile('refs/heads/empty', '');
  writeFileSync(join(dir.path, 'outside'), `${'1'.repeat(40)}\n`);
  symlinkSync(join(dir.path, 'outside'), join(repo.gitDir, 'refs', 'heads', 'link'));
  repo.writeGitFile('packed-refs', `# pack-refs with: peeled\n${first} refs/heads/../../evil\n^${first}\nnonsense\n`);
  const files = await readRefFiles(await repository(), 'sha1');
  expect(files.refs).toEqual([{ name: 'refs/heads/main', oid: first }]);
  expect(files.bareTips).toEqual([first]);
  expect(files.broken).toBe(4);
});

it('does not follow refs in circles', async () => {
  repo.writeGitFile('refs/heads/a', 'ref: refs/heads/b\n');
  repo.writeGitFile('refs/heads/b', 'ref: refs/heads/a\n');
  repo.writeGitFile('HEAD', 'ref: refs/heads/a\n');
  expect((await readRefFiles(await repository(), 'sha1')).refs).toEqual([]);
  expect(await readHeadOid(await repository(), 'sha1')).toBeUndefined();
});

it('knows the names that git accepts', () => {
  for (const name of ['refs/heads/a', 'refs/heads/a/b.c-d', 'refs/x', 'refs/heads/ü', 'refs/heads/@'])
    expect(isRefName(name), name).toBe(true);
  for (const name of [
    'HEAD',
    'refs/',
    'refs/heads/',
    'refs/heads/.a',
    'refs/heads/a.lock',
    'refs/heads/a.lock/b',
    'refs/heads/a..b',
    'refs/heads/a b',
    'refs/heads/a~',
    'refs/heads/a^',
    'refs/heads/a:',
    'refs/heads/a?',
    'refs/heads/a*',
    'refs/heads/[',
    'refs/heads/a\\b',
    'refs/heads/a@{b',
    'refs/heads/a.',
    'refs//a',
    'refs/heads/\n',
  ]) {
    expect(isRefName(name), name).toBe(false);
  }
});
