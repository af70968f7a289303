import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testAmbient } from '../../../../test/support/ambient.ts';
import { makeTempDir } from '../../../../test/support/repo.ts';
import { makeTemporary, removeTemporaryNow } from './temporary.ts';

it('makes private directories that go away, one by one or all at once', async () => {
  const parent = makeTempDir('temporary');
  const ambient = testAmbient({ tmpdir: parent.path });
  const first = await makeTemporary(ambient, 'a');
  const second = await makeTemporary(ambient, 'b');
  expect(statSync(first.path).mode & 0o777).toBe(0o700);
  writeFileSync(join(first.path, 'f'), 'x');
  await first.remove();
  await first.remove();
  expect(existsSync(first.path)).toBe(false);
  writeFileSync(join(second.path, 'f'), 'x');
  removeTemporaryNow();
  removeTemporaryNow();
  await second.remove();
  expect(readdirSync(parent.path)).toEqual([]);
  parent.remove();
});
