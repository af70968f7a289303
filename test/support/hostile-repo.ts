/**
 * A repository that tries to run a program in every way that its own files offer, with a mark that each run leaves. The
 * program does nothing else, so a test can show that plain git would have run it.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRepo, type TestRepo } from './repo.ts';

export interface HostileRepo {
  readonly repo: TestRepo;
  /** Commit before the last one. */
  readonly base: string;
  /** What ran, a line each, since it was asked last. */
  readonly ran: () => readonly string[];
}

const HOOKS = [
  'applypatch-msg',
  'commit-msg',
  'fsmonitor-watchman',
  'post-applypatch',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-receive',
  'post-rewrite',
  'post-update',
  'pre-applypatch',
  'pre-auto-gc',
  'pre-commit',
  'pre-merge-commit',
  'pre-push',
  'pre-rebase',
  'pre-receive',
  'prepare-commit-msg',
  'proc-receive',
  'push-to-checkout',
  'query-watchman',
  'reference-transaction',
  'sendemail-validate',
  'update',
];

/** `files` are committed, `staged` is in the index and the work tree, `loose` in the work tree alone. */
export function makeHostileRepo(
  folder: string,
  files: Readonly<Record<string, string>>,
  staged: Readonly<Record<string, string>>,
  loose: Readonly<Record<string, string>>,
): HostileRepo {
  const repo = makeRepo(folder);
  const mark = join(folder, 'ran');
  const plant = (name: string): string => {
    const path = join(folder, name.replaceAll(/[^a-zA-Z0-9]/g, '-'));
    writeFileSync(path, `#!/bin/sh\necho '${name}' >> '${mark}'\nexit 1\n`, { mode: 0o755 });
    return path;
  };
  const base = repo.commitFiles({ 'README.md': 'nothing\n' });
  // A signature, so that showing it means calling a program.
  const signed = ['gpgsig -----BEGIN PGP SIGNATURE-----', ' ', ' AAAA', ' -----END PGP SIGNATURE-----'];
  for (const [name, content] of Object.entries(files)) repo.write(name, content);
  repo.write(
    '.gitattributes',
    '* filter=planted diff=planted merge=planted ident\n*.env working-tree-encoding=UTF-8\n',
  );
  repo.write(
    '.gitmodules',
    `[submodule "sub"]\n\tpath = sub\n\turl = ext::${plant('.gitmodules url')}\n\tupdate = !${plant('.gitmodules update')}\n\tfetchRecurseSubmodules = true\n`,
  );
  repo.write('.lfsconfig', `[lfs]\n\turl = ext::${plant('lfs url')}\n`);
  const commit = repo.commit({ message: 'planted' });
  const [headers = '', ...body] = repo.git('cat-file', 'commit', commit).split('\n\n');
  repo.git(
    'update-ref',
    'refs/heads/main',
    repo.hashObject(`${[headers, ...signed].join('\n')}\n\n${body.join('\n\n')}`, 'commit'),
  );
  repo.git('tag', '-a', 'v1', '-m', 'tag');
  for (const [name, content] of Object.entries(staged)) repo.write(name, content);
  repo.stage();
  repo.git('update-index', '--add', '--cacheinfo', `160000,${base},sub`);
  for (const [name, content] of Object.entries(loose)) repo.write(name, content);

  const included = join(folder, 'included');
  writeFileSync(included, `[core]\n\tfsmonitor = ${plant('included core.fsmonitor')}\n`);
  const settings: readonly (readonly [section: string, key: string, value: (program: string) => string])[] = [
    ['core', 'fsmonitor', String],
    ['core', 'sshCommand', String],
    ['core', 'pager', String],
    ['core', 'editor', String],
    ['core', 'gitProxy', String],
    ['core', 'askPass', String],
    ['core', 'alternateRefsCommand', String],
    ['sequence', 'editor', String],
    ['filter "planted"', 'clean', String],
    ['filter "planted"', 'smudge', String],
    ['filter "planted"', 'process', String],
    ['diff "planted"', 'textconv', String],
    ['diff "planted"', 'command', String],
    ['diff', 'external', String],
    ['merge "planted"', 'driver', String],
    ['gpg', 'program', String],
    ['gpg "ssh"', 'program', String],
    ['alias', 'cat-file', (program) => `!${program}`],
    ['alias', 'rev-list', (program) => `!${program}`],
    ['alias', 'diff-tree', (program) => `!${program}`],
    ['alias', 'log', (program) => `!${program}`],
    ['alias', 'status', (program) => `!${program}`],
    ['pager', 'log', String],
    ['pager', 'cat-file', String],
    ['credential', 'helper', (program) => `!${program}`],
    ['uploadpack', 'packObjectsHook', String],
    ['remote "origin"', 'url', (program) => `ext::${program}`],
    ['remote "origin"', 'uploadpack', String],
    ['remote "origin"', 'vcs', () => 'ext'],
    ['submodule "sub"', 'url', (program) => `ext::${program}`],
    ['submodule "sub"', 'update', (program) => `!${program}`],
    ['trailer "x"', 'cmd', String],
    ['interactive', 'diffFilter', String],
    ['man "x"', 'cmd', String],
    ['browser "x"', 'cmd', String],
    ['lfs "customtransfer"', 'path', String],
  ];
  let config = readFileSync(join(repo.gitDir, 'config'), 'utf8').replace(
    /repositoryformatversion = \d/,
    'repositoryformatversion = 1',
  );
  for (const [section, key, value] of settings)
    config += `[${section}]\n\t${key} = ${JSON.stringify(value(plant(`${section}.${key}`)))}\n`;
  config +=
    '[filter "planted"]\n\trequired = true\n[log]\n\tshowSignature = true\n[protocol "ext"]\n\tallow = always\n[protocol]\n\tallow = always\n';
  config += `[remote "origin"]\n\tpromisor = true\n[extensions]\n\tpartialClone = origin\n\tworktreeConfig = true\n[include]\n\tpath = ${included}\n[submodule]\n\trecurse = true\n\tactive = .\n`;
  for (const hook of HOOKS) {
    const path = plant(`hook ${hook}`);
    repo.writeGitFile(`hooks/${hook}`, readFileSync(path), 0o755);
  }
  // A blob that is not there, and that git would fetch from the planted remote.
  repo.gitWith({ input: `100644 blob ${'a'.repeat(40)}\tgone\n` }, 'mktree', '--missing');
  repo.writeGitFile('info/attributes', '* filter=planted diff=planted\n');
  repo.writeGitFile('config.worktree', `[core]\n\tfsmonitor = ${plant('config.worktree core.fsmonitor')}\n`);
  // Last, since git would obey it while the repository is being made.
  repo.writeGitFile('config', config);
  rmSync(mark, { force: true });
  return {
    repo,
    base,
    ran() {
      if (!existsSync(mark)) return [];
      const lines = readFileSync(mark, 'utf8').trim().split('\n');
      rmSync(mark);
      return [...new Set(lines)].sort();
    },
  };
}
