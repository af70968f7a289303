import { join } from 'node:path';
import type { Repository } from './detect.ts';
import type { HashName } from './oid.ts';
import { readHeadOid, readOidLines } from './ref-files.ts';

/** The commits that the next one will have as parents: HEAD, and what is being merged. `head`: where refs are no files. */
export async function parentsByFiles(
  repository: Repository,
  hash: HashName,
  head?: string,
): Promise<readonly string[]> {
  const first = head ?? (await readHeadOid(repository, hash)) ?? '';
  const merging = await readOidLines(join(repository.gitDir, 'MERGE_HEAD'), hash);
  return [...new Set([...(first === '' ? [] : [first]), ...merging])];
}
