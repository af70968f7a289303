/**
 * Ignore files of a directory tree (gitignore(5)). They belong to the target: they may leave files out, which is
 * counted, and nothing else. A pattern with so many wildcards that matching it could take for ever is not honoured.
 */
import { lstatSync, readFileSync } from 'node:fs';
import ignore, { type Ignore } from 'ignore';
import { type LikelyPaths, likelyPaths } from './likely-paths.ts';

const MAX_FILE_BYTES = 1024 * 1024;
/** Wildcards in one name, and `**` in one pattern: matching costs at most (length of the path) to this power. */
const MAX_WILDCARDS = 3;

interface Level {
  readonly rules: Ignore;
  /** Undefined where the file ignores a directory on the way: it then has a say on everything below. */
  readonly likely: LikelyPaths | undefined;
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
  file: string | Buffer,
  place: { readonly prefix?: string; readonly cut?: number },
): IgnoreChain {
  const text = readIgnoreFile(file);
  if (text === undefined) return chain;
  const patterns = text
    .split('\n')
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    .filter(isHonoured);
  const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(patterns);
  const level: Level = { rules, likely: likelyPaths(patterns), prefix: place.prefix ?? '', cut: place.cut ?? 0 };
  // The operator pointed below a directory that this file leaves out: then it has no say there.
  const leavesRootOut = level.prefix !== '' && level.rules.ignores(level.prefix);
  return leavesRootOut ? chain : [...chain, level];
}

/** False if no file of the chain has anything to say of a path with this last name; most names are of that kind. */
export function mayJudge(chain: IgnoreChain, name: string): boolean {
  for (const { likely } of chain) if (likely === undefined || likely.mayMatchName(name)) return true;
  return false;
}

/** The chain for what is below a directory that is entered. `path` as for `judge`. */
export function below(chain: IgnoreChain, path: string): IgnoreChain {
  let isSame = true;
  const levels = chain.map((level) => {
    const likely = level.likely?.below(relativeTo(level, path));
    if (likely === level.likely) return level;
    isSame = false;
    return { ...level, likely };
  });
  return isSame ? chain : levels;
}

/**
 * `path` is relative to the walk's root, with `/` at its end for a directory. The innermost file that has an opinion decides.
 * The directories above it were judged before, with the chain that was given for what is below them.
 */
export function judge(chain: IgnoreChain, path: string): Judgement {
  if (chain.length === 0) return { ignored: false, below: chain };
  const name = lastName(path);
  for (let at = chain.length - 1; at >= 0; at -= 1) {
    const level = chain[at];
    if (level === undefined) break;
    const relative = relativeTo(level, path);
    if (level.likely?.mayMatch(relative, name) === false) continue;
    const verdict = level.rules.test(relative);
    if (verdict.ignored) return { ignored: true, below: chain };
    if (!verdict.unignored) continue;
    // An outer file that ignores this directory would go on to ignore what is in it, which git does not do.
    const outer = chain.slice(0, at).filter((other) => !other.rules.ignores(relativeTo(other, path)));
    return { ignored: false, below: [...outer, ...chain.slice(at)] };
  }
  return { ignored: false, below: chain };
}

/** The chain below a directory that is entered whatever ignore files say of it. */
export function entered(chain: IgnoreChain, path: string): IgnoreChain {
  const name = lastName(path);
  return chain.map((level) => {
    const relative = relativeTo(level, path);
    const ignores = level.likely?.mayMatch(relative, name) !== false && level.rules.ignores(relative);
    return ignores ? { ...level, likely: undefined } : level;
  });
}

function relativeTo(level: Level, path: string): string {
  return level.prefix + path.slice(level.cut);
}

function lastName(path: string): string {
  const end = path.endsWith('/') ? path.length - 1 : path.length;
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

function readIgnoreFile(file: string | Buffer): string | undefined {
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
