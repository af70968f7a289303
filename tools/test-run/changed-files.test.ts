import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changedFiles, readFolders } from './changed-files.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unleak-changed-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('files that changed, came and went are named; others and other folders are not', () => {
  write('docs/same.md', 'same');
  write('docs/deep/changed.md', 'one');
  write('docs/gone.md', 'gone');
  write('src/elsewhere.ts', 'one');
  const before = readFolders(root, ['docs', 'missing']);
  write('docs/deep/changed.md', 'two');
  write('docs/came.md', 'came');
  write('docs/same.md', 'same');
  write('src/elsewhere.ts', 'two');
  rmSync(join(root, 'docs/gone.md'));
  expect(changedFiles(before, readFolders(root, ['docs', 'missing']))).toEqual([
    'docs/came.md',
    'docs/deep/changed.md',
    'docs/gone.md',
  ]);
});
