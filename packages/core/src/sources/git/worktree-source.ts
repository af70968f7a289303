/**
 * The uncommitted state of a work tree: files that differ from the last commit, and those that are not tracked and not
 * ignored. A file whose bytes are the committed blob is passed over, since the history has it; whether they are is told
 * by hashing, without git's filters, so a file that a filter changes is scanned once more.
 */
import type { Hit, Located, NotScanned, Plan, Source, SourceContext, TextId } from '../../types/index.ts';
import type { Ambient } from '../ambient.ts';
import { filesJobs, listFiles, locateFiles } from '../files/files-source.ts';
import { pathText } from '../path-text.ts';
import type { Repository } from './detect.ts';
import { git, type GitDoor, openQuickDoor } from './door.ts';
import { fromHex } from './oid.ts';
import { copyIndex } from './private-dir.ts';
import { readHeadOid } from './ref-files.ts';
import { listTree, type TreeFile } from './tree-list.ts';

export interface WorktreeOptions {
  readonly repository: Repository;
  readonly noIgnore?: boolean;
  readonly followSymlinks?: boolean;
  readonly maxTextBytes?: number;
  /** Scan the files that are as committed, too: for when the history is not scanned. */
  readonly all?: boolean;
}

const SUBMODULE = '160000';
const SYMLINK = '120000';

export function createWorktreeSource(options: WorktreeOptions, ambient: Ambient): Source {
  async function plan(ctx: SourceContext): Promise<Plan> {
    const { repository } = options;
    const root = repository.worktree;
    if (root === undefined) return { jobs: [], describes: 'no work tree', facts: {} };
    const open = await openQuickDoor(repository, ambient);
    try {
      const { door } = open;
      const head = await readHeadOid(repository, door.hash);
      const committed = head === undefined ? [] : await listTree(door, head, ctx.signal);
      const tracked = await listIndex(door, repository, ctx.signal);
      const files = await listFiles(
        {
          root,
          noIgnore: options.noIgnore ?? false,
          followSymlinks: options.followSymlinks ?? false,
          repositoryTop: root,
          tracked: withDirectories([...committed, ...tracked]),
          skipNestedRepositories: true,
        },
        { signal: ctx.signal, notScanned: quietly(committed, (event) => ctx.notScanned(event)) },
      );
      const idOf = new Map(committed.map((file) => [file.path, fromHex(file.oid)]));
      return {
        jobs: filesJobs(
          files,
          {
            root,
            ...(options.maxTextBytes === undefined ? {} : { maxTextBytes: options.maxTextBytes }),
            followSymlinks: options.followSymlinks ?? false,
            now: ctx.now(),
            ...(options.all === true ? {} : { known: { hash: door.hash, idOf: (path: string) => idOf.get(path) } }),
          },
          ctx,
        ),
        describes: options.all === true ? 'the files of the work tree' : 'its uncommitted changes',
        facts: { files: files.length },
      };
    } finally {
      await open.close();
    }
  }

  return {
    plan,
    attribute: (hits: ReadonlyMap<TextId, readonly Hit[]>): Promise<readonly Located[]> =>
      Promise.resolve(locateFiles(hits)),
    close: () => Promise.resolve(),
  };
}

/** Paths that the index names, of a copy of it. */
async function listIndex(door: GitDoor, repository: Repository, signal: AbortSignal): Promise<readonly TreeFile[]> {
  const index = await copyIndex(`${repository.gitDir}/index`, repository.gitDir, door.gitDir);
  if (index === undefined) return [];
  const output = await git(door, ['ls-files', '-z', '--stage', '--full-name'], {
    env: { GIT_INDEX_FILE: index },
    signal,
    maxBytes: 1024 * 1024 * 1024,
  });
  const files: TreeFile[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    const tab = output.indexOf(0x09, at);
    if (end < 0 || tab < 0 || tab > end) break;
    // `<mode> <oid> <stage>` TAB path
    const [mode = '', oid = ''] = Buffer.from(output.subarray(at, tab)).toString('latin1').split(' ');
    files.push({ mode, oid, path: pathText(output.subarray(tab + 1, end)) });
    at = end + 1;
  }
  return files;
}

/** No ignore file can leave out what is tracked, nor a directory on the way to it. */
function withDirectories(files: readonly TreeFile[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { path, mode } of files) {
    paths.add(mode === SUBMODULE ? `${path}/` : path);
    for (
      let slash = path.lastIndexOf('/');
      slash > 0 && !paths.has(path.slice(0, slash + 1));
      slash = path.lastIndexOf('/', slash - 1)
    )
      paths.add(path.slice(0, slash + 1));
  }
  return paths;
}

/** A committed symbolic link is a text of the history; that it is not followed here is no news. */
function quietly(committed: readonly TreeFile[], report: (event: NotScanned) => void): (event: NotScanned) => void {
  const links = new Set(committed.filter(({ mode }) => mode === SYMLINK).map(({ path }) => path));
  return (event) => {
    if (event.reason !== 'symlink' || !links.has(event.where)) report(event);
  };
}
