/**
 * Ignore files of a directory tree (gitignore(5)). They belong to the target: they may leave files out, which is
 * counted, and nothing else. A pattern with so many wildcards that matching it could take for ever is not honoured.
 */
import { lstatSync, readFileSync } from 'node:fs';
import ignore, { type Ignore } from 'ignore';

const MAX_FILE_BYTES = 1024 * 1024;
/** Wildcards in one name, and `**` in one pattern: matching costs at most (length of the path) to this power. */
const MAX_WILDCARDS = 3;

interface Level {
  readonly rules: Ignore;
  /** What a path of the walk must be led in with to be relative to this ignore file: `` or `dir/`. */
  readonly prefix: string;
  /** Length of what must be cut from a path of the walk. */
  readonly cut: number;
}

/** The ignore files that apply in one directory, from the outermost inward. */
export type IgnoreChain = readonly Level[];

export interface Judgement {
  readonly ignored: boolean;
  /** The chain that applies below the path, if it is a directory that is not ignored. */
  readonly below: IgnoreChain;
}

/** Adds the ignore file at `file`, if there is one, whose directory is `prefix` above or `cut` characters below the walk's root. */
export function addIgnoreFile(
  chain: IgnoreChain,
  file: string,
  place: { readonly prefix?: string; readonly cut?: number },
): IgnoreChain {
  const text = readIgnoreFile(file);
  if (text === undefined) return chain;
  const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(text.split('\n').filter(isHonoured));
  const level: Level = { rules, prefix: place.prefix ?? '', cut: place.cut ?? 0 };
  // The operator pointed below a directory that this file leaves out: then it has no say there.
  const leavesRootOut = level.prefix !== '' && level.rules.ignores(level.prefix);
  return leavesRootOut ? chain : [...chain, level];
}

/** `path` is relative to the walk's root, with `/` at its end for a directory. The innermost file that has an opinion decides. */
export function judge(chain: IgnoreChain, path: string): Judgement {
  for (let at = chain.length - 1; at >= 0; at -= 1) {
    const level = chain[at];
    if (level === undefined) break;
    const verdict = level.rules.test(level.prefix + path.slice(level.cut));
    if (verdict.ignored) return { ignored: true, below: chain };
    if (!verdict.unignored) continue;
    // An outer file that ignores this directory would go on to ignore what is in it, which git does not do.
    const outer = chain.slice(0, at).filter((other) => !other.rules.ignores(other.prefix + path.slice(other.cut)));
    return { ignored: false, below: [...outer, ...chain.slice(at)] };
  }
  return { ignored: false, below: chain };
}

function readIgnoreFile(file: string): string | undefined {
  try {
    // Like git, no symbolic link here: it could lead anywhere.
    const stats = lstatSync(file);
    return stats.isFile() && stats.size <= MAX_FILE_BYTES ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function isHonoured(pattern: string): boolean {
  const names = pattern.split('/');
  const deep = names.filter((name) => name.includes('**')).length;
  return deep <= MAX_WILDCARDS && names.every((name) => name === '**' || name.split('*').length - 1 <= MAX_WILDCARDS);
}
