/** Raises the version of all packages, and what documents and CI templates tell people to take: `set-version.ts 1.2.3`. */
import { join } from 'node:path';
import { isVersion, setVersion } from './release/versions.ts';

const [version = ''] = process.argv.slice(2);
if (isVersion(version)) {
  for (const file of setVersion(join(import.meta.dirname, '..'), version)) process.stdout.write(`${file}\n`);
} else {
  process.stderr.write('usage: set-version.ts VERSION, such as 1.2.3 or 1.2.3-rc.1\n');
  process.exitCode = 2;
}
