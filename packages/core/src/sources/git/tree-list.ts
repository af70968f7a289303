import { pathText } from '../path-text.ts';
import { git, type GitDoor } from './door.ts';
import { hashBytes } from './oid.ts';

export interface TreeFile {
  readonly mode: string;
  readonly oid: string;
  /** As reports show it. */
  readonly path: string;
}

/** Every file in a commit's tree. */
export async function listTree(door: GitDoor, commit: string, signal: AbortSignal): Promise<readonly TreeFile[]> {
  const output = await git(door, ['ls-tree', '-r', '-z', '--full-tree', commit], {
    signal,
    maxBytes: 1024 * 1024 * 1024,
  });
  const width = hashBytes(door.hash) * 2;
  const files: TreeFile[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    const tab = output.indexOf(0x09, at);
    if (end < 0 || tab < 0 || tab > end) break;
    // `<mode> <type> <oid>` TAB path
    const head = Buffer.from(output.subarray(at, tab)).toString('latin1');
    files.push({ mode: head.slice(0, 6), oid: head.slice(-width), path: pathText(output.subarray(tab + 1, end)) });
    at = end + 1;
  }
  return files;
}
