/** What a repository's own files say of how it is kept; read by ourselves, before any git is started. */
import { join } from 'node:path';
import type { Ambient } from '../ambient.ts';
import { isInside } from '../inside.ts';
import { namesIn, realPathOf, textOf } from '../look.ts';
import { type Alternates, readAlternates } from './alternates.ts';
import { isTrue, parseGitConfig } from './config-file.ts';
import type { Repository } from './detect.ts';
import { GitError } from './git-error.ts';
import type { HashName } from './oid.ts';

export interface Layout {
  readonly hash: HashName;
  /** Refs are not files. */
  readonly reftable: boolean;
  /** The object directories that are read, the repository's own first. */
  readonly objectDirs: readonly [string, ...string[]];
  readonly alternates: Alternates;
  /** The configuration says that objects may be missing on purpose; a pack may say so, too (`hasPromisor`). */
  readonly partial: boolean;
}

/** @throws GitError `unsupported-format` */
export function readLayout(repository: Repository, ambient: Ambient): Layout {
  const config = parseGitConfig(textOf(join(repository.commonDir, 'config')) ?? '');
  const own = join(repository.commonDir, 'objects');
  const objects = realPathOf(own) ?? own;
  const root = isInside(repository.commonDir, repository.root) ? repository.root : repository.commonDir;
  const alternates = readAlternates(objects, root, ambient.uid);
  return {
    hash: objectFormat(config),
    reftable: config.get('extensions.refstorage')?.toLowerCase().startsWith('reftable') === true,
    objectDirs: [objects, ...alternates.followed],
    alternates,
    partial: isPartial(config),
  };
}

function objectFormat(config: ReadonlyMap<string, string>): HashName {
  const format = config.get('extensions.objectformat')?.toLowerCase() ?? 'sha1';
  if (format !== 'sha1' && format !== 'sha256')
    throw new GitError('unsupported-format', `unknown object format ${format}`);
  return format;
}

function isPartial(config: ReadonlyMap<string, string>): boolean {
  if (config.has('extensions.partialclone')) return true;
  for (const [key, value] of config)
    if (key.startsWith('remote.') && key.endsWith('.promisor') && isTrue(value)) return true;
  return false;
}

/** Whether a pack came from a clone with a filter. */
export function hasPromisor(objectDirs: readonly string[]): boolean {
  return objectDirs.some((directory) => namesIn(join(directory, 'pack')).some((name) => name.endsWith('.promisor')));
}
