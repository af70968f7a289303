import { createHash } from 'node:crypto';
import { chmodSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepo, makeTempDir } from '../../../../../../test/support/repo.ts';
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { type EntryBytes, openEntryBytes } from './entry-bytes.ts';
import { type Forest, openForest } from './forest.ts';

/** Text that deflate makes little of. */
function noise(bytes: number, seed: string): string {
  let text = '';
  while (text.length < bytes) text += createHash('sha512').update(`${seed}${text.length}`).digest('base64');
  return text.slice(0, bytes);
}

const dir = makeTempDir('entry-bytes');
let forest: Forest;
let cut: Forest;

async function packed(): Promise<Forest> {
  const repo = makeRepo(dir.path);
  for (let version = 0; version < 40; version += 1)
    repo.commitFiles({
      small: `${version}`,
      [`middle${version % 4}`]: noise(5_000, `m${version}`),
      [`large${version % 2}`]: version % 10 === 0 ? noise(150_000, `l${version}`) : 'not large',
    });
  repo.git('repack', '-adfq');
  return await openForest([join(repo.gitDir, 'objects')], 'sha1');
}

beforeAll(async () => {
  forest = await packed();
  cut = await packed();
  const { path, end } = cut.packs[0] ?? { path: '', end: 0 };
  chmodSync(path, 0o644);
  truncateSync(path, Math.floor(end / 2));
}, 60_000);
afterAll(() => dir.remove());

/** How many bytes the entry has inflated; -1: it cannot be read. */
function sizeOf(bytes: EntryBytes, entry: number): number {
  const at = bytes.find(entry);
  if (at < 0) return -1;
  return inflateSync(linearMemory().bytes.slice(at, at + bytes.available)).length;
}

function chosen(of: () => Forest): fc.Arbitrary<{ readonly ahead: Int32Array; readonly asked: readonly number[] }> {
  return fc.array(fc.nat(10_000), { maxLength: 200 }).chain((numbers) => {
    const entries = [...new Set(numbers.map((number) => number % of().count))];
    return fc
      .tuple(fc.subarray(entries), fc.shuffledSubarray(entries))
      .map(([ahead, asked]) => ({ ahead: Int32Array.from(ahead).sort(), asked }));
  });
}

describe('finds entries', () => {
  it('that were read ahead, and others', () => {
    const choice = fc.constant(undefined).chain(() => chosen(() => forest));
    fc.assert(
      fc.property(choice, choice, (first, second) => {
        const bytes = openEntryBytes(forest);
        for (const { ahead, asked } of [first, second]) {
          bytes.readAhead(ahead);
          for (const entry of asked) expect(sizeOf(bytes, entry)).toBe(forest.size[entry]);
        }
        bytes.close();
      }),
      { numRuns: 60 },
    );
  });

  it('and none of those behind the end of a file', () => {
    const stop = Math.floor((cut.packs[0]?.end ?? 0) / 2);
    const bytes = openEntryBytes(cut);
    bytes.readAhead(Int32Array.from({ length: cut.count }, (_, entry) => entry));
    let found = 0;
    for (let entry = 0; entry < cut.count; entry += 1) {
      const end = cut.offset[entry + 1] ?? Number.POSITIVE_INFINITY;
      expect(sizeOf(bytes, entry)).toBe(end <= stop ? cut.size[entry] : -1);
      if (end <= stop) found += 1;
    }
    expect(found).toBeGreaterThan(0);
    bytes.close();
  });
});
