import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MadeEntry, makeDelta, objectIdOf } from '../../../../../../test/support/made-pack.ts';
import { writePack } from '../../../../../../test/support/pack-files.ts';
import { makeRepo, makeTempDir, type TestRepo } from '../../../../../../test/support/repo.ts';
import type { HashName } from '../oid.ts';
import { type ObjectDatabase, openDatabase } from './object-database.ts';
import { readPackIndex } from './pack-index.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('pack');
});
afterEach(() => dir.remove());

const ALL = Number.MAX_SAFE_INTEGER;

function open(repo: TestRepo, hash: HashName = 'sha1', ...more: string[]): ObjectDatabase {
  return openDatabase([join(repo.gitDir, 'objects'), ...more], hash);
}

/** Every object as git tells it. */
function everything(repo: TestRepo): readonly { readonly oid: string; readonly type: string; readonly size: number }[] {
  return repo
    .git('cat-file', '--batch-all-objects', '--batch-check')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([oid = '', type = '', size = '']) => ({ oid, type, size: Number(size) }));
}

function expectSame(repo: TestRepo, database: ObjectDatabase): void {
  for (const { oid, type, size } of everything(repo)) {
    const object = database.read(oid, ALL);
    expect(object.type).toBe(type);
    expect(Buffer.compare(object.bytes, repo.gitWith({}, 'cat-file', type, oid))).toBe(0);
    expect(database.header(oid)).toEqual({ type, size });
  }
}

function fill(repo: TestRepo, versions: number): void {
  let body = Array.from(
    { length: 200 },
    (_, line) => `line ${line} ${createHash('md5').update(String(line)).digest('hex')}`,
  );
  for (let version = 0; version < versions; version += 1) {
    body = [...body.slice(0, version), `changed in ${version}`, ...body.slice(version + 1)];
    repo.commitFiles({ f: body.join('\n'), [`g${version % 3}`]: `${version}` });
  }
}

describe('reads what git reads', () => {
  it('loose, packed with chains of deltas, several packs, a multi-pack-index', () => {
    const repo = makeRepo(dir.path);
    fill(repo, 12);
    expectSame(repo, open(repo));
    repo.git('repack', '-adfq', '--depth=50');
    expect(
      repo.git(
        'verify-pack',
        '-v',
        ...readdirSync(join(repo.gitDir, 'objects/pack'))
          .filter((name) => name.endsWith('.idx'))
          .map((name) => join(repo.gitDir, 'objects/pack', name)),
      ),
    ).toContain('chain length = 5');
    expectSame(repo, open(repo));
    fill(repo, 3);
    repo.git('repack', '-dq');
    repo.git('multi-pack-index', 'write');
    repo.git('tag', '-a', 'v1', '-m', 'a tag');
    const names = readdirSync(join(repo.gitDir, 'objects/pack'));
    expect(names.filter((name) => name.endsWith('.idx'))).toHaveLength(2);
    const database = open(repo);
    expectSame(repo, database);
    database.close();
  });

  it('REF_DELTA entries, index version 1, and SHA-256', () => {
    const repo = makeRepo(dir.path);
    fill(repo, 6);
    repo.git('-c', 'repack.useDeltaBaseOffset=false', '-c', 'pack.indexVersion=1', 'repack', '-adfq');
    expectSame(repo, open(repo));
    const wide = makeRepo(dir.path, { sha256: true });
    fill(wide, 6);
    expectSame(wide, open(wide, 'sha256'));
    wide.git('repack', '-adfq');
    expectSame(wide, open(wide, 'sha256'));
  });

  it('64-bit offsets in an index', () => {
    const repo = makeRepo(dir.path);
    fill(repo, 2);
    repo.git('repack', '-adq');
    const pack = readdirSync(join(repo.gitDir, 'objects/pack')).find((name) => name.endsWith('.pack')) ?? '';
    const wide = join(dir.path, 'wide.idx');
    repo.git('index-pack', '--index-version=2,0x0', '-o', wide, join(repo.gitDir, 'objects/pack', pack));
    const plain = readPackIndex(join(repo.gitDir, 'objects/pack', pack.replace('.pack', '.idx')), 'sha1');
    const large = readPackIndex(wide, 'sha1');
    expect(large.count).toBe(plain.count);
    expect(readFileSync(wide).length).toBe(
      readFileSync(join(repo.gitDir, 'objects/pack', pack.replace('.pack', '.idx'))).length + 8 * plain.count,
    );
    for (let index = 0; index < plain.count; index += 1) expect(large.offset(index)).toBe(plain.offset(index));
  });

  it('objects of alternates, and large ones that do not compress', () => {
    const repo = makeRepo(dir.path);
    const noise = Buffer.concat(
      Array.from({ length: 40_000 }, (_, index) => createHash('sha256').update(String(index)).digest()),
    );
    repo.commitFiles({ noise, zeros: Buffer.alloc(3_000_000) });
    repo.git('repack', '-adq');
    const borrower = makeRepo(dir.path, { bare: true });
    const database = open(borrower, 'sha1', join(repo.gitDir, 'objects'));
    expectSame(repo, database);
    expect(() => open(borrower).read(repo.git('rev-parse', 'HEAD'), ALL)).toThrow(
      expect.objectContaining({ code: 'missing' }),
    );
  });

  it('entries that are made longer than a compressor makes them', () => {
    // A stream of empty stored blocks before the content: sound, and much longer than what it holds.
    const content = Buffer.from('hello\n');
    const empty = Buffer.alloc(5 * 2000);
    for (let at = 0; at < empty.length; at += 5) empty.set([0, 0, 0, 0xff, 0xff], at);
    const plain = deflateSync(content);
    const stream = Buffer.concat([plain.subarray(0, 2), empty, plain.subarray(2)]);
    const repo = makeRepo(dir.path);
    const oid =
      repo.git('hash-object', '-t', 'blob', '--stdin-paths').trim() ||
      createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
    const header = Buffer.concat([
      Buffer.from('PACK'),
      Buffer.from([0, 0, 0, 2, 0, 0, 0, 1]),
      Buffer.from([(3 << 4) | content.length]),
    ]);
    const body = Buffer.concat([header, stream]);
    const pack = join(repo.gitDir, 'objects/pack/pack-long.pack');
    mkdirSync(join(repo.gitDir, 'objects/pack'), { recursive: true });
    writeFileSync(pack, Buffer.concat([body, createHash('sha1').update(body).digest()]));
    repo.git('index-pack', pack);
    expect(Buffer.from(open(repo).read(oid, ALL).bytes).toString()).toBe('hello\n');
  });
});

describe('limits and damage', () => {
  it('does not inflate what is over the limit', () => {
    const repo = makeRepo(dir.path);
    repo.commitFiles({ zeros: Buffer.alloc(5_000_000) });
    const oid = repo.git('rev-parse', 'HEAD:zeros');
    expect(() => open(repo).read(oid, 4_999_999)).toThrow(expect.objectContaining({ code: 'too-large' }));
    repo.git('repack', '-adq');
    expect(() => open(repo).read(oid, 4_999_999)).toThrow(expect.objectContaining({ code: 'too-large' }));
    expect(open(repo).read(oid, 5_000_000).bytes.length).toBe(5_000_000);
  });

  it('a loose object that claims a wrong size, or is a bomb, is corrupt', () => {
    const repo = makeRepo(dir.path);
    const write = (oid: string, bytes: Buffer): void => {
      mkdirSync(join(repo.gitDir, 'objects', oid.slice(0, 2)), { recursive: true });
      writeFileSync(join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2)), bytes);
    };
    const cases = [
      'blob 5\0hello world',
      'blob 50\0hello',
      'blob -1\0',
      'blob x\0',
      'thing 5\0hello',
      'no header at all',
      `blob 10\0${'x'.repeat(10_000_000)}`,
      'blob 5\0hello',
    ];
    for (const [index, content] of cases.entries()) {
      const oid = index.toString(16).padStart(40, 'a');
      write(oid, deflateSync(Buffer.from(content, 'latin1')));
      expect(() => open(repo).read(oid, ALL), content.slice(0, 20)).toThrow(
        expect.objectContaining({ code: 'corrupt' }),
      );
    }
    write('b'.repeat(40), Buffer.from('not compressed'));
    expect(() => open(repo).read('b'.repeat(40), ALL)).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });

  it('any damage to a pack is an error of the objects it hits, and never a wrong text', () => {
    const repo = makeRepo(dir.path);
    fill(repo, 8);
    repo.git('repack', '-adfq');
    const objects = everything(repo);
    const contents = new Map(objects.map(({ oid, type }) => [oid, repo.gitWith({}, 'cat-file', type, oid)]));
    const packs = join(repo.gitDir, 'objects/pack');
    const files = readdirSync(packs).filter((name) => name.endsWith('.pack') || name.endsWith('.idx'));
    for (const name of files) chmodSync(join(packs, name), 0o644);
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (name, place, bytes, isCut) => {
          const file = join(packs, name);
          const sound = readFileSync(file);
          const at = Math.floor(place * sound.length);
          writeFileSync(
            file,
            isCut
              ? sound.subarray(0, at)
              : Buffer.concat([sound.subarray(0, at), bytes, sound.subarray(at + bytes.length)]),
          );
          const database = open(repo);
          try {
            for (const { oid } of objects) {
              try {
                expect(Buffer.compare(database.read(oid, ALL).bytes, contents.get(oid) ?? Buffer.alloc(0))).toBe(0);
              } catch (error) {
                expect(error).toMatchObject({ name: 'ObjectError' });
              }
            }
          } finally {
            database.close();
            writeFileSync(file, sound);
          }
        },
      ),
      { numRuns: 80 },
    );
    expectSame(repo, open(repo));
  });

  it('takes another copy where one is damaged', () => {
    const repo = makeRepo(dir.path);
    repo.commitFiles({ f: 'some text\n' });
    const oid = repo.git('rev-parse', 'HEAD:f');
    repo.git('repack', '-aq');
    const packs = join(repo.gitDir, 'objects/pack');
    const pack = join(packs, readdirSync(packs).find((name) => name.endsWith('.pack')) ?? '');
    chmodSync(pack, 0o644);
    const bytes = readFileSync(pack);
    writeFileSync(pack, bytes.fill(0xff, 12, bytes.length - 20));
    expect(Buffer.from(open(repo).read(oid, ALL).bytes).toString()).toBe('some text\n');
    rmSync(join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2)));
    expect(() => open(repo).read(oid, ALL)).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });

  it('a delta that is its own base ends', () => {
    // Two REF_DELTA entries, each the base of the other.
    const a = 'a'.repeat(40);
    const b = 'b'.repeat(40);
    const turn = { type: 'blob', content: Buffer.alloc(0) } as const;
    const code = Buffer.from([5, 5, 0x90, 5]);
    const objects = join(dir.path, 'objects');
    writePack(objects, 'x', [
      { ...turn, id: a, delta: { base: b, code } },
      { ...turn, id: b, delta: { base: a, code } },
    ]);
    const database = openDatabase([objects], 'sha1');
    expect(() => database.read(a, ALL)).toThrow(
      expect.objectContaining({ code: 'corrupt', message: 'a delta is its own base' }),
    );
    expect(() => database.header(a)).toThrow(expect.objectContaining({ code: 'limit' }));
    database.close();
  });

  it('reads chains of 4,095 deltas', () => {
    const repo = makeRepo(dir.path);
    const content = (version: number): Buffer => Buffer.from(`${'x'.repeat(20)}${version}`);
    const oid = (version: number): string => objectIdOf('blob', content(version));
    const entries = Array.from({ length: 4096 }, (_, version): MadeEntry => {
      const made = { type: 'blob', content: content(version) } as const;
      if (version === 0) return made;
      const insert = Buffer.from(String(version));
      const { code } = makeDelta(content(version - 1), [{ copy: [0, 20] }, { insert }]);
      return { ...made, delta: { base: version - 1, code } };
    });
    writePack(join(repo.gitDir, 'objects'), 'deep', entries);
    const database = open(repo);
    expect(Buffer.from(database.read(oid(4095), ALL).bytes).toString()).toBe(content(4095).toString());
    expect(database.header(oid(4095))).toEqual({ type: 'blob', size: 24 });
    database.close();
  });

  it('passes over packs that it cannot open', () => {
    const repo = makeRepo(dir.path);
    const oid = repo.hashObject('there');
    writeFileSync(join(repo.gitDir, 'objects/pack/pack-none.idx'), '');
    writeFileSync(join(repo.gitDir, 'objects/pack/pack-bad.idx'), 'garbage');
    writeFileSync(join(repo.gitDir, 'objects/pack/pack-bad.pack'), 'garbage');
    const database = open(repo);
    expect(Buffer.from(database.read(oid, ALL).bytes).toString()).toBe('there');
    expect(() => database.read('a'.repeat(40), ALL)).toThrow(expect.objectContaining({ code: 'missing' }));
  });
});
