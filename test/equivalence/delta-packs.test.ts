/** Groups 11, 25 to 27, 29 and 31: where bases are stored, what is left out, and in what order things are scanned. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { testRule, testRuleset } from '../../packages/core/src/engine/test-rules.ts';
import { linearMemory } from '../../packages/core/src/bytes/linear-memory.ts';
import type { TextScanSettings } from '../../packages/core/src/pipeline/messages.ts';
import { createHistorySource } from '../../packages/core/src/sources/git/history-source.ts';
import { packKernel, ROOM } from '../../packages/core/src/sources/git/pack/kernel.ts';
import type { Ruleset } from '../../packages/core/src/types/index.ts';
import { TOKEN } from '../support/delta-rules.ts';
import { type DeltaStep, makeDelta, type MadeEntry, objectIdOf } from '../support/made-pack.ts';
import { writeLoose, writePack } from '../support/pack-files.ts';
import { differencesOf, type PackScan, scanEach, scanPacks } from '../support/pack-scan.ts';
import { realScan, repositoryAt, scanSettings } from '../support/real-scan.ts';
import { makeRepo, makeTempDir } from '../support/repo.ts';

let dir: ReturnType<typeof makeTempDir>;
let settings: TextScanSettings;
let made = 0;
beforeAll(async () => {
  dir = makeTempDir('delta-packs');
  settings = await scanSettings({ ruleset: testRuleset(TOKEN) });
}, 120_000);
afterAll(() => dir.remove());

const SECRET = 'ghp_abababab';

function directory(): string {
  made += 1;
  return join(dir.path, `objects-${made}`);
}

function blob(text: string): MadeEntry {
  return { type: 'blob', content: Buffer.from(text, 'latin1') };
}

function idOf({ content }: MadeEntry): string {
  return objectIdOf('blob', content);
}

/** A delta on `from`, which is an entry of the pack by number, or an object by id. */
function derived(
  from: MadeEntry,
  base: number | string,
  ...steps: readonly (readonly [number, number] | string)[]
): MadeEntry {
  const { code, result } = makeDelta(
    from.content,
    steps.map((step): DeltaStep =>
      typeof step === 'string' ? { insert: Buffer.from(step, 'latin1') } : { copy: step },
    ),
  );
  return { type: 'blob', content: result, delta: { base, code } };
}

/** Ids of texts with hits; every text that is scanned must say what it says by itself. */
function found(scan: PackScan, entries: readonly MadeEntry[]): readonly string[] {
  const bytes = entries.map((entry) => [idOf(entry), Uint8Array.from(entry.content)] as const);
  const expected = scanEach(
    bytes.filter(([id]) => scan.said.has(id)),
    settings,
  );
  expect(differencesOf(scan.said, expected)).toEqual([]);
  return [...scan.said].filter(([, said]) => said !== '').map(([id]) => id);
}

describe('25: bases that are not scanned', () => {
  const png = '\u0089PNG\r\n\u001a\n';
  const binary = blob(`${png}${SECRET} one `);
  const text = derived(binary, 0, [8, 17]);
  const grown = derived(text, 1, [0, 17], `and ${SECRET}`);
  const entries = [binary, text, grown];

  test('a base that looks binary, and what derives from it does not', async () => {
    const objects = directory();
    writePack(objects, 'a', entries);
    const scan = await scanPacks([objects], settings);
    expect(found(scan, entries)).toEqual([idOf(text), idOf(grown)]);
    expect(scan.derived).toBe(1);
  });

  test('a control character and a NUL more make a base binary', async () => {
    const objects = directory();
    const noisy = blob(`${'\0\u0001\u0002'.repeat(20)} ${SECRET} ; `);
    const clean = derived(noisy, 0, [60, 16]);
    writePack(objects, 'a', [noisy, clean]);
    const scan = await scanPacks([objects], settings);
    expect(scan.events).toMatchObject([{ reason: 'binary' }]);
    expect(found(scan, [noisy, clean])).toEqual([idOf(clean)]);
  });

  test('a base that is too large, its child is not, and the next but one is again', async () => {
    const objects = directory();
    const large = blob(`${SECRET} ${'x'.repeat(500)}`);
    const small = derived(large, 0, [0, 13]);
    const wide = derived(small, 1, [0, 13], 'y'.repeat(120), [0, 13], 'z'.repeat(120));
    const last = derived(wide, 2, [0, 13], [133, 13]);
    const all = [large, small, wide, last];
    writePack(objects, 'a', all);
    const scan = await scanPacks([objects], settings, { maxTextBytes: 200 });
    expect(scan.events.map(({ reason }) => reason)).toEqual(['too-large', 'too-large']);
    expect(found(scan, all)).toEqual([idOf(small), idOf(last)]);
    expect(scan.derived).toBe(0);
  });

  test('a sibling that is kept between a skipped base and its children does not take its place', async () => {
    const objects = directory();
    const root = blob(`x ${SECRET} and more of it, so much more`);
    const skipped = derived(root, 0, png, [0, 30]);
    const below = derived(skipped, 1, [8, 20]);
    const sibling = derived(root, 0, [0, 2], 'ghp_bbbbbbbb', [14, 20]);
    const cousin = derived(sibling, 3, [0, 20], ' end');
    const all = [root, skipped, below, sibling, cousin];
    writePack(objects, 'a', all);
    const scan = await scanPacks([objects], settings);
    expect(found(scan, all).toSorted()).toEqual([root, below, sibling, cousin].map(idOf).toSorted());
  });
});

describe('26: where the base of a delta is', () => {
  const base = blob(`first ${SECRET} and text\n`);
  const child = derived(base, idOf(base), [0, 18], '!', [18, 10]);
  const grandchild = derived(child, idOf(child), 'x', [6, 23]);
  const all = [base, child, grandchild];
  const ids = all.map(idOf);

  test.each<[string, (objects: string) => void, readonly number[]]>([
    ['before it', (objects) => writePack(objects, 'a', all), [0, 1, 2]],
    ['behind it', (objects) => writePack(objects, 'a', all.toReversed()), [0, 1, 2]],
    [
      'in another pack',
      (objects) => {
        writePack(objects, 'a', [grandchild]);
        writePack(objects, 'b', [child]);
        writePack(objects, 'c', [base]);
      },
      [0, 1, 2],
    ],
    [
      'a loose object',
      (objects) => {
        writePack(objects, 'a', [child, grandchild]);
        writeLoose(objects, ids[0] ?? '', 'blob', base.content);
      },
      [0, 1, 2],
    ],
    ['nowhere', (objects) => writePack(objects, 'a', [child, grandchild]), []],
    [
      'broken, and nowhere else',
      (objects) => writePack(objects, 'a', [{ ...base, stream: Buffer.alloc(20, 0xff) }, child, grandchild]),
      [],
    ],
    [
      'broken, and whole in another pack',
      (objects) => {
        writePack(objects, 'a', [{ ...base, stream: Buffer.alloc(20, 0xff) }, child, grandchild]);
        writePack(objects, 'b', [base]);
      },
      [0, 1, 2],
    ],
  ])('%s', async (_where, write, readable) => {
    const objects = directory();
    write(objects);
    const scan = await scanPacks([objects], settings);
    found(scan, all);
    expect([...scan.said.keys()].toSorted()).toEqual(readable.map((at) => ids[at] ?? '').toSorted());
  });

  test('the same objects in two packs with different bases, in either order', async () => {
    const backwards: MadeEntry[] = [
      grandchild,
      derived(grandchild, 0, 'first ', [1, 23]),
      { type: 'blob', content: base.content },
    ];
    const middle = backwards[1];
    if (middle === undefined) throw new Error('nothing was made');
    const scans: PackScan[] = [];
    for (const names of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const objects = directory();
      writePack(objects, names[0], all);
      writePack(objects, names[1], backwards);
      const scan = await scanPacks([objects], settings);
      found(scan, [...all, ...backwards]);
      scans.push(scan);
    }
    const [one, two] = scans;
    expect(differencesOf(one?.said ?? new Map(), two?.said ?? new Map())).toEqual([]);
  });
});

test('27: one text at two places of which one is not looked at, and a rule for one file name', async () => {
  const repo = makeRepo(dir.path);
  // By id, as everywhere.
  const npmrc = { id: 'npmrc', keywords: ['tok='], pattern: 'tok=(?P<secret>[ab]{8})', paths: { only: ['**/.npmrc'] } };
  const ruleset: Ruleset = testRuleset(
    testRule({ ...TOKEN, ...npmrc }),
    testRule({ ...TOKEN, paths: { except: ['**/fixtures/**'] } }),
  );
  const text = (more: string): string => `${'line of text\n'.repeat(20)}${SECRET}\ntok=babababa\n${more}`;
  repo.commitFiles({ 'src/a.txt': text('1'), 'fixtures/a.txt': text('1'), '.npmrc': text('1') });
  repo.commitFiles({ 'src/a.txt': text('2'), 'fixtures/a.txt': text('3'), '.npmrc': text('2') });
  repo.git('repack', '-adfq', '--depth=50');
  const scanned = [];
  for (const inherit of [true, false]) {
    const source = createHistorySource(
      { repository: await repositoryAt(repo.path) },
      { env: { PATH: process.env['PATH'] }, tmpdir: dir.path, uid: process.getuid?.(), parallelism: 2 },
    );
    scanned.push(await realScan(source, { settings: { ruleset, inherit } }));
  }
  const [byDeltas, whole] = scanned;
  expect(byDeltas?.json).toBe(whole?.json);
  const places = [...(byDeltas?.report.findings ?? [])].map(({ ruleId, sightings }) => [
    ruleId,
    [...new Set(sightings.map((sighting) => ('path' in sighting ? sighting.path : '')))].toSorted(),
  ]);
  expect(places).toEqual([
    ['npmrc', ['.npmrc']],
    ['token', ['.npmrc', 'src/a.txt']],
  ]);
});

describe('11 and 29: copies as deltas have them', () => {
  /** The runs that the kernel tells of a delta. */
  function runsOf(base: Buffer, steps: readonly DeltaStep[], shortest = 0): readonly number[] {
    const { code, result } = makeDelta(base, steps);
    const memory = linearMemory();
    const at = [base, code, result].map((bytes) => {
      const pointer = memory.allocate(bytes.length + ROOM);
      memory.bytes.set(bytes, pointer);
      return pointer;
    });
    const [from = 0, delta = 0, to = 0] = at;
    const runs = memory.allocate(12 * 64);
    memory.bytes.fill(0, to, to + result.length);
    const count = packKernel().applyDelta(from, base.length, delta, code.length, to, result.length, runs, 64, shortest);
    expect(Buffer.from(memory.bytes.slice(to, to + result.length)).equals(result)).toBe(true);
    return [...memory.words.subarray(runs >> 2, (runs >> 2) + 3 * count)];
  }

  const base = Buffer.from(Array.from({ length: 0x20100 }, (_, at) => (at * 7 + (at >> 8)) & 0xff));

  test('copies that go on in base and text are one; those that go on in one of them alone are not', () => {
    const piece = (from: number, length: number): DeltaStep => ({ copy: [from, length] });
    expect(runsOf(base, [piece(0, 0x10000), piece(0x10000, 0x10000), piece(0x20000, 0x100)])).toEqual([0, 0, 0x20100]);
    expect(runsOf(base, [piece(0, 10), piece(20, 10), piece(30, 5), piece(0, 4)])).toEqual([
      ...[0, 0, 10],
      ...[20, 10, 15],
      ...[0, 25, 4],
    ]);
    expect(runsOf(base, [piece(5, 10), { insert: Buffer.from('x') }, piece(15, 10)])).toEqual([5, 0, 10, 15, 11, 10]);
  });

  test('copies that are too short to pay are left out, once it is known how long they are', () => {
    const piece = (from: number, length: number): DeltaStep => ({ copy: [from, length] });
    const steps = [piece(0, 9), piece(20, 4), piece(24, 6), piece(50, 10), { insert: Buffer.from('x') }, piece(90, 3)];
    expect(runsOf(base, steps, 10)).toEqual([20, 9, 10, 50, 19, 10]);
    expect(runsOf(base, steps, 11)).toEqual([]);
    expect(runsOf(base, [piece(0, 9)], 10)).toEqual([]);
  });

  test('copies from behind 16 MiB', () => {
    const far = Buffer.alloc(2 ** 24 + 0x1000, 'abcdefg');
    expect(runsOf(far, [{ copy: [2 ** 24 + 3, 0x800] }])).toEqual([2 ** 24 + 3, 0, 0x800]);
  });

  test('a secret lies across the place where git splits a copy', async () => {
    const objects = directory();
    const text = blob(`${'line\n'.repeat(13_106)}${SECRET}\n${'more\n'.repeat(100)}`);
    const at = Buffer.from(text.content).indexOf(SECRET);
    expect(at).toBeLessThan(0x10000);
    expect(at + SECRET.length).toBeGreaterThan(0x10000);
    const longer = derived(text, 0, [0, 0x10000], [0x10000, 500], 'end');
    writePack(objects, 'a', [text, longer]);
    const scan = await scanPacks([objects], settings);
    expect(found(scan, [text, longer])).toEqual([idOf(text), idOf(longer)]);
  });
});

describe('31: what must not matter', () => {
  test('the order of the roots, and in how many jobs they are', async () => {
    const objects = directory();
    const entries: MadeEntry[] = [];
    for (let tree = 0; tree < 8; tree += 1) {
      const root = blob(`tree ${tree} of ${SECRET} and\n${'text\n'.repeat(tree + 4)}`);
      const at = entries.length;
      const child = derived(root, at, [0, 24], `${tree}`, [24, 10]);
      entries.push(root, child, derived(child, at + 1, [6, 25]), derived(root, at, [0, 15], 'x', [15, 20]));
    }
    writePack(objects, 'a', entries);
    const straight = await scanPacks([objects], settings);
    found(straight, entries);
    expect(straight.derived).toBe(24);
    const turned = await scanPacks([objects], settings, {}, (jobs) =>
      jobs.flatMap((job) => Array.from(job.roots.toReversed(), (root) => ({ ...job, roots: Int32Array.of(root) }))),
    );
    expect(differencesOf(straight.said, turned.said)).toEqual([]);
    expect([...turned.said.keys()]).not.toEqual([...straight.said.keys()]);
  });
});
