import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testAmbient } from '../../../../../test/support/ambient.ts';
import { fakeScan, fakeSecret } from '../../../../../test/support/fake-engine.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../test/support/repo.ts';
import { detect, type Repository } from './detect.ts';
import { doorEnvironment, git, openDoor } from './door.ts';
import { createHistorySource } from './history-source.ts';
import { createRangeSource } from './range-source.ts';
import { createStagedSource } from './staged-source.ts';
import { createWorktreeSource } from './worktree-source.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('door');
});
afterEach(() => dir.remove());

async function repositoryAt(path: string): Promise<Repository> {
  const found = await detect(path);
  if (found.kind !== 'repository') throw new Error('no repository');
  return found;
}

/** A repository that tries to run a program in every way that its own files offer. */
function makeHostile(): { readonly repo: TestRepo; readonly mark: string } {
  const repo = makeRepo(dir.path);
  const mark = join(dir.path, 'ran');
  const program = join(dir.path, 'program');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${mark}\ncat 2>/dev/null\n`, { mode: 0o755 });
  repo.commitFiles({
    'a.txt': `${fakeSecret('aa')}\n`,
    '.gitattributes': '* filter=evil diff=evil merge=evil ident\n',
  });
  repo.commitFiles({ 'a.txt': `${fakeSecret('aa')}\nmore\n` });
  repo.git('tag', '-a', 'v1', '-m', 'tag');
  const settings: Record<string, string> = {
    'core.fsmonitor': program,
    'core.sshCommand': program,
    'core.pager': program,
    'core.editor': program,
    'core.hooksPath': join(dir.path, 'hooks'),
    'core.gitProxy': program,
    'core.askPass': program,
    'core.alternateRefsCommand': program,
    'filter.evil.clean': program,
    'filter.evil.smudge': program,
    'filter.evil.process': program,
    'diff.evil.textconv': program,
    'diff.evil.command': program,
    'diff.external': program,
    'merge.evil.driver': program,
    'gpg.program': program,
    'gpg.ssh.program': program,
    'log.showSignature': 'true',
    'alias.cat-file': `!${program}`,
    'alias.rev-list': `!${program}`,
    'alias.diff-tree': `!${program}`,
    'alias.log': `!${program}`,
    'credential.helper': `!${program}`,
    'pager.log': program,
    'uploadpack.packObjectsHook': program,
    'remote.origin.url': `ext::${program}`,
    'remote.origin.promisor': 'true',
    'remote.origin.uploadpack': program,
    'remote.origin.vcs': 'ext',
    'protocol.ext.allow': 'always',
    'include.path': join(dir.path, 'included'),
    'trailer.x.cmd': program,
    'interactive.diffFilter': program,
    'extensions.partialClone': 'origin',
  };
  // Written last, since git would obey it while the repository is being made.
  let config = '[core]\n\trepositoryformatversion = 1\n\tbare = false\n';
  for (const [key, value] of Object.entries(settings)) {
    const [section = '', ...rest] = key.split('.');
    const name = rest.pop() ?? '';
    config += `[${section}${rest.length === 0 ? '' : ` "${rest.join('.')}"`}]\n\t${name} = ${JSON.stringify(value)}\n`;
  }
  writeFileSync(join(dir.path, 'included'), `[core]\n\tfsmonitor = ${program}\n`);
  for (const hook of [
    'post-index-change',
    'pre-commit',
    'reference-transaction',
    'post-checkout',
    'fsmonitor-watchman',
    'query-watchman',
  ]) {
    repo.writeGitFile(`hooks/${hook}`, `#!/bin/sh\necho hook >> ${mark}\n`, 0o755);
    repo.write(join('..', 'hooks', hook), `#!/bin/sh\necho hook >> ${mark}\n`);
  }
  repo.write('a.txt', `${fakeSecret('bb')}\n`);
  repo.write('b.txt', `${fakeSecret('cc')}\n`);
  // A missing blob, which git would fetch through the planted remote.
  repo.gitWith({ input: `100644 blob ${'a'.repeat(40)}\tgone\n` }, 'mktree', '--missing');
  repo.writeGitFile('config', config);
  return { repo, mark };
}

describe('a hostile repository', () => {
  it('runs no program of its own, whatever is read from it', async () => {
    const { repo, mark } = makeHostile();
    const repository = await repositoryAt(repo.path);
    const ambient = testAmbient();
    const found = new Set<string>();
    for (const source of [
      createHistorySource({ repository }, ambient),
      createRangeSource({ repository, range: 'HEAD~1..HEAD' }, ambient),
      createStagedSource({ repository }, ambient),
      createWorktreeSource({ repository }, ambient),
    ]) {
      const result = await fakeScan(source);
      await source.close();
      for (const { hit } of result.located) found.add(hit.credential);
    }
    expect(existsSync(mark)).toBe(false);
    // It did read them: history, and what is not committed.
    expect([...found].sort()).toEqual(['c1_aa', 'c1_bb', 'c1_cc']);
  });

  it('would have run one through plain git, so that this test means something', () => {
    const { repo, mark } = makeHostile();
    try {
      repo.git('status');
    } catch {
      // What git makes of it does not matter.
    }
    expect(existsSync(mark)).toBe(true);
  });
});

describe('the door', () => {
  it('gives git a closed environment', async () => {
    const repo = makeRepo(dir.path);
    const open = await openDoor(
      await repositoryAt(repo.path),
      testAmbient({
        env: {
          PATH: process.env['PATH'],
          GIT_DIR: '/elsewhere',
          GIT_EXTERNAL_DIFF: 'evil',
          LD_PRELOAD: 'evil.so',
          SECRET: 'x',
        },
      }),
    );
    try {
      const names = Object.keys(doorEnvironment(open.door));
      expect(names.filter((name) => !name.startsWith('GIT_')).sort()).toEqual([
        'HOME',
        'LC_ALL',
        'PATH',
        'XDG_CONFIG_HOME',
      ]);
      expect(names).not.toContain('GIT_EXTERNAL_DIFF');
      expect(doorEnvironment(open.door)['GIT_DIR']).toBe(open.door.gitDir);
      const config = new TextDecoder().decode(await git(open.door, ['config', '--list', '--show-origin']));
      expect(config.split('\n').filter((line) => line !== '' && !line.startsWith('file:'))).toEqual([]);
      expect(config).toContain('core.repositoryformatversion=0');
      expect(config).not.toContain('user.');
    } finally {
      await open.close();
    }
  });

  it('does not change the repository by a byte', async () => {
    const repo = makeRepo(dir.path);
    repo.commitFiles({ f: 'x' });
    repo.write('f', 'y');
    const before = listAll(repo.gitDir);
    const repository = await repositoryAt(repo.path);
    for (const source of [
      createHistorySource({ repository }, testAmbient()),
      createStagedSource({ repository }, testAmbient()),
      createWorktreeSource({ repository }, testAmbient()),
    ]) {
      await fakeScan(source);
      await source.close();
    }
    expect(listAll(repo.gitDir)).toEqual(before);
  });

  it('says that git is not installed, that it failed, that it was interrupted', async () => {
    const repo = makeRepo(dir.path);
    const repository = await repositoryAt(repo.path);
    await expect(openDoor(repository, testAmbient({ env: { PATH: dir.path } }))).rejects.toMatchObject({
      code: 'git-not-found',
    });
    const open = await openDoor(repository, testAmbient());
    try {
      await expect(git(open.door, ['cat-file', '-p', 'nothing'])).rejects.toMatchObject({ code: 'git-failed' });
      await expect(git(open.door, ['version'], { signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'aborted',
      });
      await expect(git(open.door, ['version'], { maxBytes: 3 })).rejects.toMatchObject({ code: 'git-failed' });
    } finally {
      await open.close();
    }
  });

  it('does not take a folder that is gone for a git that is not there', async () => {
    const repo = makeRepo(dir.path);
    const open = await openDoor(await repositoryAt(repo.path), testAmbient());
    await open.close();
    await expect(git(open.door, ['version'])).rejects.toMatchObject({
      code: 'git-failed',
      message: `git version could not run: the folder ${open.door.gitDir} cannot be entered`,
    });
  });

  it('refuses a git that is too old', async () => {
    const repo = makeRepo(dir.path);
    const bin = join(dir.path, 'bin');
    repo.write(join('..', 'bin', 'git'), '');
    writeFileSync(join(bin, 'git'), '#!/bin/sh\necho git version 2.17.1\n', { mode: 0o755 });
    const { chmodSync } = await import('node:fs');
    chmodSync(join(bin, 'git'), 0o755);
    await expect(
      openDoor(await repositoryAt(repo.path), testAmbient({ env: { PATH: `${bin}:/bin:/usr/bin` } })),
    ).rejects.toMatchObject({ code: 'git-too-old' });
  });

  it('refuses an object format that it does not know', async () => {
    const repo = makeRepo(dir.path);
    repo.writeGitFile('config', '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha3\n');
    await expect(openDoor(await repositoryAt(repo.path), testAmbient())).rejects.toMatchObject({
      code: 'unsupported-format',
    });
  });
});

function listAll(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
}
