import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** What `from './x.ts'`, `import './x.ts'` and `import('./x.ts')` name, of our own. */
const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/** A module and all of ours that it imports, through others too: absolute paths, sorted. What is not there is left out. */
export function sourcesOf(module: string): readonly string[] {
  const found = new Set<string>([module]);
  for (const file of found)
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const path = resolve(file, '..', name);
      if (existsSync(path)) found.add(path);
    }
  return [...found].sort();
}
