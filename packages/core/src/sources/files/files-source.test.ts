import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, symlinkSync, truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeScan, type FakeScan, fakeSecret } from '../../../../../test/support/fake-engine.ts';
import { makeTempDir } from '../../../../../test/support/repo.ts';
import type { Source, TextSink } from '../../types/index.ts';
import { createFilesSource, type FilesOptions } from './files-source.ts';
import { type FilesJob, readFiles } from './reader.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir('files');
});
afterEach(() => dir.remove());

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir.path, name)), { recursive: true });
    writeFileSync(join(dir.path, name), content);
  }
}

async function scan(options: Partial<FilesOptions> = {}): Promise<FakeScan> {
  return await fakeScan(createFilesSource({ root: dir.path, ...options }));
}

function paths(result: FakeScan): readonly string[] {
  return [...result.texts.keys()].map((id) => id.replace('file:', ''));
}

function events(result: FakeScan): readonly (readonly string[])[] {
  return result.notScanned.map(({ state, reason, where }) => [state, reason, where]);
}

/** A source whose files change after all of them were listed, and before the first is read. */
function changedAfterListing(source: Source, change: () => void): Source {
  return {
    async plan(ctx) {
      const plan = await source.plan(ctx);
      const jobs = [...plan.jobs];
      for await (const job of plan.later ?? []) jobs.push(job);
      change();
      return { jobs, describes: plan.describes, facts: plan.facts };
    },
    attribute: (hits, ctx) => source.attribute(hits, ctx),
    close: () => source.close(),
  };
}

it('files that go, become links or pipes after they were listed: told, and the end is reached', async () => {
  const outside = makeTempDir('outside');
  try {
    write({ b: fakeSecret('b'), c: fakeSecret('c'), d: fakeSecret('d'), e: fakeSecret('e') });
    writeFileSync(join(outside.path, 'file'), fakeSecret('outside'));
    const source = changedAfterListing(createFilesSource({ root: dir.path }), () => {
      for (const name of ['b', 'c', 'd']) unlinkSync(join(dir.path, name));
      symlinkSync(join(outside.path, 'file'), join(dir.path, 'c'));
      execFileSync('mkfifo', [join(dir.path, 'd')]);
    });
    const result = await fakeScan(source);
    expect(paths(result)).toEqual(['e']);
    expect(events(result)).toEqual([
      ['failed', 'not-found', 'b'],
      ['failed', 'unreadable', 'c'],
      ['excluded', 'special-file', 'd'],
    ]);
  } finally {
    outside.remove();
  }
});

describe('which files', () => {
  it('finds all, in the order of their bytes, depth first, without .git', async () => {
    write({
      b: '1',
      'a/z': '2',
      'a/b/c': '3',
      'a.txt': '4',
      B: '5',
      é: '6',
      '.hidden': '7',
      '.git/config': '8',
      'x/.git/HEAD': '9',
      'x/y': '10',
    });
    expect(paths(await scan())).toEqual(['.hidden', 'B', 'a/b/c', 'a/z', 'a.txt', 'b', 'x/y', 'é']);
  });

  it('says where a credential is', async () => {
    write({ 'conf/a.env': `1\n  ${fakeSecret('aa')} ${fakeSecret('bb')}\n` });
    const result = await scan();
    expect(result.located.map(({ text, sighting }) => [text, sighting])).toEqual([
      ['file:conf/a.env', { kind: 'file', path: 'conf/a.env', line: 2, column: 3, endLine: 2, endColumn: 12 }],
      ['file:conf/a.env', { kind: 'file', path: 'conf/a.env', line: 2, column: 13, endLine: 2, endColumn: 22 }],
    ]);
  });

  it('takes one file by its name', async () => {
    write({ f: fakeSecret('aa'), '.gitignore': 'f\n' });
    const result = await scan({ root: join(dir.path, 'f') });
    expect(paths(result)).toEqual(['f']);
    expect(result.located).toHaveLength(1);
  });

  it('opens and spells names that are not UTF-8, or odd', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${dir.path}/lat`), Buffer.from([0xe9])]), 'x');
    mkdirSync(Buffer.concat([Buffer.from(`${dir.path}/d`), Buffer.from([0xff])]));
    writeFileSync(Buffer.concat([Buffer.from(`${dir.path}/d`), Buffer.from([0xff]), Buffer.from('/f')]), 'y');
    write({ 'line\nbreak': 'z' });
    expect(paths(await scan())).toEqual(['d\\xFF/f', 'lat\\xE9', 'line\nbreak']);
  });

  it('shares files out by weight, the same way every time', async () => {
    write(Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`f${index}`, Buffer.alloc(3 << 20, 'x')])));
    const result = await scan();
    expect(result.jobs.map(({ objects }) => objects)).toEqual([2, 2, 1]);
    expect(result.texts.size).toBe(5);
  });
});

describe('ignore files', () => {
  it('are honoured as git does, nested ones over outer ones', async () => {
    write({
      '.gitignore': '# comment\n*.log\n!keep.log\n/only-here\nbuild/\n\\#literal\ndoc/*.txt\n**/deep/x\n',
      'a.log': '',
      'keep.log': '',
      'sub/a.log': '',
      'only-here': '',
      'sub/only-here': '',
      'build/x': '',
      'sub/build/y': '',
      build2: '',
      '#literal': '',
      'doc/a.txt': '',
      'doc/sub/a.txt': '',
      'p/q/deep/x': '',
      'p/q/deep/y': '',
      'sub/.gitignore': '!a.log\nown\n',
      'sub/own': '',
      own: '',
      'sub/in/a.log': '',
    });
    expect(paths(await scan())).toEqual([
      '.gitignore',
      'build2',
      'doc/sub/a.txt',
      'keep.log',
      'own',
      'p/q/deep/y',
      'sub/.gitignore',
      'sub/a.log',
      'sub/in/a.log',
      'sub/only-here',
    ]);
  });

  it('agree with git on a tree of cases', async () => {
    write({
      '.gitignore': 'out/\n!out/\nlogs/*\n!logs/keep/\n*.tmp\n/x/*.c\nfoo\\ bar\ntrail \n[ab]?.bin\n!/ab.bin\n',
      'out/a': '',
      'logs/a': '',
      'logs/keep/b': '',
      'q.tmp': '',
      'd/q.tmp': '',
      'x/a.c': '',
      'x/y/a.c': '',
      'foo bar': '',
      trail: '',
      'ab.bin': '',
      'bb.bin': '',
      'cb.bin': '',
      'u/.gitignore': '*\n!*.txt\n!v/\n',
      'u/a.txt': '',
      'u/a.md': '',
      'u/v/b.txt': '',
      'u/v/b.md': '',
      'u/w/c.txt': '',
      'n/.gitignore': '!inner\n',
      'n/inner/f': '',
      'm/inner/f': '',
    });
    writeFileSync(join(dir.path, 'm', '.gitignore'), 'inner/\n');
    const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    execFileSync('git', ['init', '-q', dir.path], { env });
    const listed = execFileSync('git', ['ls-files', '-z', '--others', '--exclude-standard'], { cwd: dir.path, env })
      .toString()
      .split('\0')
      .filter((path) => path !== '');
    expect([...paths(await scan())].sort()).toEqual([...listed].sort());
  });

  it('list what they leave out, a directory once', async () => {
    write({ '.gitignore': 'node_modules\n*.log\n', 'node_modules/a/b': '', 'node_modules/c': '', 'x.log': '' });
    expect(events(await scan())).toEqual([
      ['excluded', 'ignored', 'node_modules/'],
      ['excluded', 'ignored', 'x.log'],
    ]);
    const all = await scan({ noIgnore: true });
    expect(all.texts.size).toBe(4);
    expect(all.notScanned).toEqual([]);
  });

  it('of the repository around apply, but not one that leaves out the target itself', async () => {
    write({
      '.gitignore': '*.log\n/ignored/\n',
      '.git/info/exclude': '*.bak\n',
      'a/.gitignore': 'b/c.txt\n',
      'a/b/c.txt': '',
      'a/b/d.txt': '',
      'a/b/e.log': '',
      'a/b/f.bak': '',
      'ignored/f': '',
      'ignored/g.log': '',
    });
    expect(paths(await scan({ root: join(dir.path, 'a', 'b'), repositoryTop: dir.path }))).toEqual(['d.txt']);
    expect(paths(await scan({ root: join(dir.path, 'ignored'), repositoryTop: dir.path }))).toEqual(['f', 'g.log']);
    expect(paths(await scan({ root: join(dir.path, 'a', 'b') }))).toEqual(['c.txt', 'd.txt', 'e.log', 'f.bak']);
  });

  it('cannot stop the scan with patterns that take for ever, nor with odd ones', async () => {
    const slow = `${'*a'.repeat(40)}b`;
    write({
      '.gitignore': `${slow}\n${'**/a/'.repeat(30)}b\n[z-a]\n[\n(\n+++\n\\\n!\n/\n*.log\n`,
      ['a'.repeat(200)]: '',
      'x.log': '',
    });
    expect(paths(await scan())).toEqual(['.gitignore', 'a'.repeat(200)]);
  });

  it('may have the line breaks of Windows', async () => {
    write({ '.gitignore': '*.log\r\nout/\r\n', 'a.log': '', 'out/f': '', 'a.txt': '' });
    expect(paths(await scan())).toEqual(['.gitignore', 'a.txt']);
  });

  it('that are links are not read', async () => {
    write({ rules: '*\n', f: '' });
    symlinkSync('rules', join(dir.path, '.gitignore'));
    expect(paths(await scan())).toEqual(['f', 'rules']);
  });
});

describe('many files', () => {
  it('are read in jobs that are there before the whole tree was seen, each once', async () => {
    const names = Array.from({ length: 3000 }, (_, at) => `d${at % 7}/${at}`);
    write(Object.fromEntries(names.map((name) => [name, name])));
    const result = await scan();
    expect([...paths(result)].sort()).toEqual([...names].sort());
    expect(result.facts).toEqual({ files: 3000 });
    expect(result.jobs.reduce((sum, { objects }) => sum + objects, 0)).toBe(3000);
    expect(Math.max(...result.jobs.map(({ objects }) => objects))).toBeLessThan(500);
    expect((await scan()).jobs).toEqual(result.jobs);
  });

  it('are left out above the size limit when they are read', async () => {
    write(Object.fromEntries(Array.from({ length: 1500 }, (_, at) => [`f${at}`, at % 500 === 0 ? 'large' : 'x'])));
    const result = await scan({ maxTextBytes: 4 });
    expect(result.texts.size).toBe(1497);
    expect(result.notScanned).toEqual(
      ['f0', 'f1000', 'f500'].map((where) => ({ state: 'excluded', reason: 'too-large', where, detail: '5 bytes' })),
    );
  });

  it('of one directory, and names in the order of their bytes', async () => {
    const names = ['\u{1F511}', '\uFB01', 'z', 'é'];
    write(Object.fromEntries([...names, ...Array.from({ length: 5000 }, (_, at) => `a${at}`)].map((n) => [n, ''])));
    const found = paths(await scan());
    expect(found.length).toBe(5004);
    expect(found).toEqual([...found].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });

  it('in directories as deep as the system has them', async () => {
    const deep = Array.from({ length: 150 }, (_, at) => `directory-${at}`).join('/');
    write({ [`${deep}/f`]: 'x' });
    expect(paths(await scan())).toEqual([`${deep}/f`]);
  });
});

describe('what is not a plain file', () => {
  it('symbolic links are listed and not followed', async () => {
    write({ 'd/f': 'x' });
    symlinkSync('d', join(dir.path, 'link'));
    symlinkSync('/etc', join(dir.path, 'out'));
    const result = await scan();
    expect(paths(result)).toEqual(['d/f']);
    expect(events(result)).toEqual([
      ['excluded', 'symlink', 'link'],
      ['excluded', 'symlink', 'out'],
    ]);
  });

  it('links are followed on request, inside the target, past loops', async () => {
    const outside = makeTempDir('outside');
    writeFileSync(join(outside.path, 'secret'), 'x');
    write({ 'd/f': 'x', 'e/g': 'y' });
    symlinkSync('d', join(dir.path, 'to-d'));
    symlinkSync('../e', join(dir.path, 'd', 'to-e'));
    symlinkSync('..', join(dir.path, 'e', 'up'));
    symlinkSync('../d', join(dir.path, 'e', 'to-d'));
    symlinkSync('d/f', join(dir.path, 'to-f'));
    symlinkSync(outside.path, join(dir.path, 'out'));
    symlinkSync('nowhere', join(dir.path, 'dangling'));
    const result = await scan({ followSymlinks: true });
    outside.remove();
    expect(paths(result)).toEqual(
      ['d/f', 'd/to-e/g', 'e/g', 'e/to-d/f', 'to-f'].filter((path) => paths(result).includes(path)),
    );
    expect(paths(result)).toContain('d/to-e/g');
    expect(paths(result)).toContain('to-f');
    expect(result.notScanned.find(({ where }) => where === 'out')?.detail).toBe('it leads out of the target');
    expect(result.notScanned.find(({ where }) => where === 'dangling')?.detail).toBe('it leads nowhere');
    expect(result.notScanned.every(({ reason }) => reason === 'symlink')).toBe(true);
    expect(result.texts.size).toBeLessThan(8);
  });

  it('pipes are not opened', async () => {
    write({ f: 'x' });
    execFileSync('mkfifo', [join(dir.path, 'pipe')]);
    const result = await scan();
    expect(paths(result)).toEqual(['f']);
    expect(events(result)).toEqual([['excluded', 'special-file', 'pipe']]);
  });

  it('binary files and LFS pointers are listed', async () => {
    write({
      image: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      lfs: `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`,
      wide: Buffer.from('text', 'utf16le'),
    });
    const result = await scan();
    expect(paths(result)).toEqual(['wide']);
    expect(events(result)).toEqual([
      ['excluded', 'binary', 'image'],
      ['excluded', 'lfs-pointer', 'lfs'],
    ]);
  });
});

describe('size', () => {
  it('over the limit is excluded, and a file of 3 GB costs nothing', async () => {
    write({ small: 'x', huge: '' });
    truncateSync(join(dir.path, 'huge'), 3_000_000_000);
    const result = await scan();
    expect(paths(result)).toEqual(['small']);
    expect(result.notScanned).toEqual([
      { state: 'excluded', reason: 'too-large', where: 'huge', detail: '3000000000 bytes' },
    ]);
    expect(events(await scan({ maxTextBytes: 0 }))).toEqual([
      ['excluded', 'too-large', 'huge'],
      ['excluded', 'too-large', 'small'],
    ]);
  });

  it('of 200 MB on one line is one text', async () => {
    const bytes = Buffer.alloc(200_000_000, 'x');
    bytes.write(` ${fakeSecret('aa')} `, 199_000_000);
    write({ big: bytes });
    const result = await scan();
    expect(result.located.map(({ sighting }) => sighting)).toMatchObject([
      { path: 'big', line: 1, column: 199_000_002 },
    ]);
  });
});

describe('trouble', () => {
  async function read(
    paths: readonly string[],
    onText: (text: string) => void = () => undefined,
    begun = 0,
  ): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    const job: FilesJob = {
      reader: 'files',
      root: dir.path,
      paths,
      weight: 0,
      objects: paths.length,
      maxTextBytes: 1000,
      followSymlinks: false,
      begun,
    };
    const sink: TextSink = {
      text: ({ id, bytes }) => onText(`${id} ${Buffer.from(bytes).toString()}`),
      notScanned: (event) => found.push(event),
      progress: () => undefined,
    };
    await readFiles(job, sink, { signal: new AbortController().signal });
    return found;
  }

  it('what has gone, or become something else since it was listed', async () => {
    write({ target: 'secret' });
    symlinkSync('target', join(dir.path, 'link'));
    execFileSync('mkfifo', [join(dir.path, 'pipe')]);
    mkdirSync(join(dir.path, 'directory'));
    expect(await read(['gone', 'link', 'pipe', 'directory'])).toEqual([
      { state: 'failed', reason: 'not-found', where: 'gone', detail: 'ENOENT' },
      { state: 'failed', reason: 'unreadable', where: 'link', detail: 'ELOOP' },
      { state: 'excluded', reason: 'special-file', where: 'pipe' },
      { state: 'excluded', reason: 'special-file', where: 'directory' },
    ]);
  });

  it.each([
    ['old', Number.MAX_SAFE_INTEGER],
    ['new', 0],
  ])('%s files are told the same of', async (_, begun) => {
    write({
      empty: '',
      image: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      large: 'x'.repeat(1001),
      nearly: 'x'.repeat(1000),
      small: 'text',
    });
    execFileSync('mkfifo', [join(dir.path, 'pipe')]);
    mkdirSync(join(dir.path, 'directory'));
    const texts: string[] = [];
    const paths = ['directory', 'empty', 'image', 'large', 'nearly', 'pipe', 'small'];
    expect(await read(paths, (text) => texts.push(text), begun)).toEqual([
      { state: 'excluded', reason: 'special-file', where: 'directory' },
      { state: 'excluded', reason: 'binary', where: 'image' },
      { state: 'excluded', reason: 'too-large', where: 'large', detail: '1001 bytes' },
      { state: 'excluded', reason: 'special-file', where: 'pipe' },
    ]);
    expect(texts).toEqual(['file:empty ', `file:nearly ${'x'.repeat(1000)}`, 'file:small text']);
  });

  it('large and small files come whole, one after the other', async () => {
    const sizes = [3, (256 << 10) - 64, 256 << 10, 1 << 20, 3];
    write(Object.fromEntries(sizes.map((size, at) => [`f${at}`, Buffer.alloc(size, `${at}`)])));
    // As files are that were there long before the scan.
    for (const at of sizes.keys()) utimesSync(join(dir.path, `f${at}`), 1_000_000_000, 1_000_000_000);
    const result = await scan();
    for (const [at, size] of sizes.entries())
      expect(result.texts.get(`file:f${at}`)?.equals(Buffer.alloc(size, `${at}`))).toBe(true);
  });

  it('what cannot be read is failed, a directory as well as a file', async () => {
    expect((await scan({ root: join(dir.path, 'nothing') })).notScanned).toEqual([
      { state: 'failed', reason: 'unreadable', where: '.', detail: 'ENOENT' },
    ]);
    // Not even root can read the first bytes of a process's memory.
    const job: FilesJob = {
      reader: 'files',
      root: '/proc/self',
      paths: ['mem'],
      weight: 0,
      objects: 1,
      maxTextBytes: 1000,
      followSymlinks: false,
      begun: 0,
    };
    const found: unknown[] = [];
    await readFiles(
      job,
      { text: () => expect.unreachable(), notScanned: (event) => found.push(event), progress: () => undefined },
      { signal: new AbortController().signal },
    );
    expect(found).toEqual([{ state: 'failed', reason: 'unreadable', where: 'mem', detail: 'EIO' }]);
  });

  it('reads files that claim to be empty and are not', async () => {
    const job: FilesJob = {
      reader: 'files',
      root: '/proc/self',
      paths: ['status'],
      weight: 0,
      objects: 1,
      maxTextBytes: 1 << 20,
      followSymlinks: false,
      begun: 0,
    };
    const texts: number[] = [];
    const sink: TextSink = {
      text: ({ bytes }) => texts.push(bytes.length),
      notScanned: (event) => expect(event).toBeUndefined(),
      progress: () => undefined,
    };
    await readFiles(job, sink, { signal: new AbortController().signal });
    expect(texts[0]).toBeGreaterThan(100);
  });

  it('a file that changes while it is read is reported, and scanned all the same', async () => {
    write({ busy: Buffer.alloc(8 << 20, 'x') });
    const writer = spawn('sh', ['-c', 'while :; do echo x >> "$0"; done', join(dir.path, 'busy')], { stdio: 'ignore' });
    const job: FilesJob = {
      reader: 'files',
      root: dir.path,
      paths: ['busy'],
      weight: 0,
      objects: 1,
      maxTextBytes: 1 << 30,
      followSymlinks: false,
      begun: 0,
    };
    const found: unknown[] = [];
    let texts = 0;
    const sink: TextSink = {
      text: () => (texts += 1),
      notScanned: (event) => found.push(event),
      progress: () => undefined,
    };
    try {
      // The writer writes all the time; how soon the two meet is the system's affair.
      for (let round = 1; round <= 1000 && found.length === 0; round += 1) {
        await readFiles(job, sink, { signal: new AbortController().signal });
        expect(texts).toBe(round);
      }
    } finally {
      writer.kill();
      await once(writer, 'exit');
    }
    expect(found).toEqual([{ state: 'failed', reason: 'changed-while-read', where: 'busy' }]);
  });

  it('stops between files when it is interrupted', async () => {
    write({ f: 'x' });
    await expect(fakeScan(createFilesSource({ root: dir.path }), AbortSignal.abort())).rejects.toThrow();
    expect(readdirSync(dir.path)).toEqual(['f']);
  });
});
