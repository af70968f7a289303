/**
 * What the release workflow asks before anything is published: the tag fits the manifests and the changelog, and what the
 * tagged commit holds as built is what its own sources give. Run after a clean build (tools/pack.ts).
 * `check-release.ts --tag v1.2.3 --repository owner/name --notes FILE`
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtFolders, differentFromHead } from './release/built-commit.ts';
import { obstacles, releaseNotes } from './release/ready.ts';

const root = join(import.meta.dirname, '..');
const { tag, repository, notes } = parseArgs({
  options: { tag: { type: 'string' }, repository: { type: 'string' }, notes: { type: 'string' } },
}).values;

if (tag === undefined || repository === undefined || notes === undefined) {
  process.stderr.write('usage: check-release.ts --tag v1.2.3 --repository owner/name --notes FILE\n');
  process.exitCode = 2;
} else {
  const found = [
    ...obstacles(root, tag, repository),
    ...differentFromHead(root, builtFolders(root)).map((file) => `${file} is not what the sources of ${tag} give`),
  ];
  for (const each of found) process.stderr.write(`check-release: ${each}\n`);
  if (found.length > 0) process.exitCode = 1;
  else writeFileSync(notes, `${releaseNotes(root, tag.slice(1)) ?? ''}\n`);
}
