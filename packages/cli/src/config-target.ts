/** Whose configuration is read besides the operator's: that of the one thing which is scanned. */
import { dirname } from 'node:path';
import { CONFIG_FILES, detect, IGNORE_FILES, isUrl, targetFiles, type ConfigFiles } from '@unleak/core';
import type { Messages } from './terminal/messages.ts';

const NAMES = [...CONFIG_FILES, ...IGNORE_FILES.map(([, name]) => name)];

/**
 * The root of a single local target; of a file, its directory; for what a change brings in, the top of the repository.
 * `isChange`: what a change brings in is asked about. With several targets none counts: paths in it would mean something else in each.
 */
export async function configTarget(
  paths: readonly string[],
  isChange: boolean,
  messages: Messages,
): Promise<{ kind: 'local'; files: ConfigFiles } | undefined> {
  const roots = await Promise.all(paths.map((path) => rootOf(path, isChange)));
  if (paths.length === 1) {
    const [root] = roots;
    if (root === undefined) return undefined;
    if (root.above !== undefined && !hasAny(root.path) && hasAny(root.above))
      messages.tell(
        `the configuration and ignore files in ${root.above} are not read, because only a part of it is scanned (--config reads one)`,
      );
    return { kind: 'local', files: targetFiles(root.path) };
  }
  if (roots.some((root) => root !== undefined && hasAny(root.path)))
    messages.tell(
      'the configuration and ignore files of the targets are not read, because there are several (--config reads one)',
    );
  return undefined;
}

interface Root {
  readonly path: string;
  /** Top level of the repository that it is a part of. */
  readonly above?: string;
}

async function rootOf(path: string, isChange: boolean): Promise<Root | undefined> {
  if (path === '-' || isUrl(path)) return undefined;
  const target = await detect(path);
  switch (target.kind) {
    case 'repository':
      return target.worktree === undefined ? undefined : { path: target.worktree };
    case 'directory':
    case 'file': {
      if (isChange && target.inside !== undefined) return { path: target.inside };
      const root = target.kind === 'file' ? dirname(target.root) : target.root;
      return { path: root, ...(target.inside === undefined || target.inside === root ? {} : { above: target.inside }) };
    }
    default:
      return undefined;
  }
}

function hasAny(root: string): boolean {
  const files = targetFiles(root);
  return NAMES.some((name) => files.readText(name) !== undefined);
}
