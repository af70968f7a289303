/** What is kept of a scan may be cut off, altered, foreign or lost: the next scan says the same, only later. */
import { createHmac } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSealed } from '../../packages/core/src/pipeline/memory/sealed-file.ts';
import { traces } from '../support/canary.ts';
import { scanWithMemory, type MemoryScan, type MemoryScanOptions } from '../support/remembered-scan.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { databaseUrl, githubToken, privateKey } from '../support/tokens.ts';

const token = githubToken('state');
const database = databaseUrl('state');
const key = privateKey('state');

/** What may be shown is the public prefix alone, so it is not looked for. */
const secrets = [token.slice(4), database.password, ...key.split('\n').slice(1, -2)];

interface Scanned {
  readonly repo: TestRepo;
  readonly directory: string;
  readonly first: MemoryScan;
  /** The two files of the state. */
  readonly result: string;
  readonly texts: string;
}

async function scanned(): Promise<Scanned> {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ 'a.env': `TOKEN=${token}\nDB=${database.url}\n`, 'key.pem': key });
  repo.commitFiles({ 'b.txt': `x: ${Buffer.from(`token=${token} and more`).toString('base64')}\n` });
  const directory = join(tempFolder(), 'unleak', 'history');
  const first = await scanWithMemory(repo.path, directory);
  const files = readdirSync(directory).sort();
  expect(files.map((file) => file.split('.')[1])).toEqual(['result', 'texts']);
  const [result = '', texts = ''] = files.map((file) => join(directory, file));
  return { repo, directory, first, result, texts };
}

async function expectUnused({ repo, directory, first }: Scanned, options: MemoryScanOptions = {}): Promise<MemoryScan> {
  const scan = await scanWithMemory(repo.path, directory, options);
  expect(scan.json).toBe(first.json);
  expect(scan.known).toBe(0);
  return scan;
}

test('only this user can read it, and it holds no eight bytes of a secret', async () => {
  const { directory, result, texts } = await scanned();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  for (const path of [result, texts]) {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(traces(readFileSync(path), secrets)).toEqual([]);
  }
});

test.each(['reveal', 'sha1'] as const)('a scan with %s neither writes nor reads it', async (setting) => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ a: `T=${token}\n` });
  const directory = join(tempFolder(), 'history');
  await scanWithMemory(repo.path, directory, { settings: { [setting]: true } });
  expect(existsSync(directory)).toBe(false);
  await scanWithMemory(repo.path, directory);
  const scan = await scanWithMemory(repo.path, directory, { settings: { [setting]: true } });
  expect(scan.known).toBe(0);
  const full = await scanWithMemory(repo.path, undefined, { settings: { [setting]: true } });
  expect(scan.json).toBe(full.json);
});

const DAMAGE: Readonly<Record<string, (path: string) => void>> = {
  'a byte is another one': (path) => {
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 97) bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  },
  'it is cut off': (path) => writeFileSync(path, readFileSync(path).subarray(0, -5)),
  'something follows': (path) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('{}')])),
  'it is empty': (path) => writeFileSync(path, ''),
  'it is shorter than a seal': (path) => writeFileSync(path, 'short'),
  'others may write it': (path) => chmodSync(path, 0o666),
  'it is a link': (path) => {
    renameSync(path, `${path}.elsewhere`);
    symlinkSync(`${path}.elsewhere`, path);
  },
  'it is a folder': (path) => {
    renameSync(path, `${path}.elsewhere`);
    mkdirSync(path);
  },
};

test.each(Object.entries(DAMAGE))('%s: one debug line, and everything is read', async (_name, damage) => {
  const state = await scanned();
  damage(state.result);
  damage(state.texts);
  const scan = await expectUnused(state);
  expect(scan.debug.filter((line) => line.includes('from before is not used:'))).toHaveLength(1);
});

test('either file stands for itself', async () => {
  const state = await scanned();
  writeFileSync(state.texts, 'x');
  const told = await scanWithMemory(state.repo.path, state.directory);
  expect(told.json).toBe(state.first.json);
  expect(told.known).toBe(state.first.report.summary.texts);
  const other = await scanned();
  writeFileSync(other.result, 'x');
  const known = await scanWithMemory(other.repo.path, other.directory);
  expect(known.json).toBe(other.first.json);
  expect(known.known).toBe(other.first.report.summary.texts);
});

test('one file is not taken for the other, nor that of another repository', async () => {
  const state = await scanned();
  writeFileSync(state.result, readFileSync(state.texts));
  const known = await scanWithMemory(state.repo.path, state.directory);
  expect(known.json).toBe(state.first.json);
  const other = await scanned();
  for (const part of ['result', 'texts'] as const) writeFileSync(state[part], readFileSync(other[part]));
  await expectUnused(state);
});

test('under the key of another user, of another version, or owned by another user: everything is read', async () => {
  const state = await scanned();
  await expectUnused(state, { memory: { key: () => new Uint8Array(32).fill(4) } });
  const again = await scanned();
  await expectUnused(again, { memory: { version: '0.0.1' } });
  const third = await scanned();
  await expectUnused(third, { memory: { uid: 4_000_000 } });
});

test('without a key that is kept, nothing is written', async () => {
  const repo = makeRepo(tempFolder());
  repo.commitFiles({ a: `T=${token}\n` });
  const directory = join(tempFolder(), 'history');
  await scanWithMemory(repo.path, directory, { memory: { key: () => undefined } });
  expect(existsSync(directory)).toBe(false);
});

test('a folder that cannot be made: the report is the same, and one debug line says why nothing is kept', async () => {
  const { repo, first } = await scanned();
  const blocked = join(tempFolder(), 'a file');
  writeFileSync(blocked, '');
  const scan = await scanWithMemory(repo.path, join(blocked, 'history'));
  expect(scan.json).toBe(first.json);
  expect(scan.debug).toEqual(['what is known of the history is not kept: it cannot be written (ENOTDIR)']);
});

test('content that is sealed and makes no sense is not used', async () => {
  const state = await scanned();
  const contents = ['', '{', '\x01\0\0\0{', '\xff\xff\xff\xff', '{"settings":1}', 'null'];
  for (const content of contents) {
    for (const path of [state.result, state.texts]) {
      const context = { key: Uint8Array.from(historyKey()), purpose: path.split('/').at(-1) ?? '' };
      writeSealed(path, context, [Buffer.from(content, 'latin1')], 'new');
    }
    await expectUnused(state);
  }
});

function historyKey(): Uint8Array {
  return createHmac('sha256', new Uint8Array(32).fill(3)).update('unleak/history/v1').digest();
}

test('what a killed process left half written goes when it is old', async () => {
  const { repo, directory, result } = await scanned();
  const old = `${result}.0123.tmp`;
  writeFileSync(old, 'half');
  utimesSync(old, new Date(0), new Date(0));
  writeFileSync(`${result}.4567.tmp`, 'of a process that runs');
  repo.commitFiles({ c: 'new\n' });
  await scanWithMemory(repo.path, directory);
  expect(existsSync(old)).toBe(false);
  expect(existsSync(`${result}.4567.tmp`)).toBe(true);
});

test('a folder that somebody made a link to another one: of what is there, nothing is removed', async () => {
  const { repo } = await scanned();
  const elsewhere = tempFolder();
  const names = Array.from({ length: 200 }, (_, i) => `letter ${i}.tmp`);
  for (const name of names) {
    writeFileSync(join(elsewhere, name), 'dear');
    utimesSync(join(elsewhere, name), new Date(0), new Date(0));
  }
  const directory = join(tempFolder(), 'history');
  symlinkSync(elsewhere, directory);
  await scanWithMemory(repo.path, directory);
  const left = new Set(readdirSync(elsewhere));
  expect(left.size).toBeGreaterThan(names.length);
  expect(names.filter((name) => !left.has(name))).toEqual([]);
});

test('an older state that is put back says nothing of what came since', async () => {
  const { repo, directory, result, texts } = await scanned();
  const old = [result, texts].map((path) => [path, readFileSync(path)] as const);
  repo.commitFiles({ 'new.env': `TOKEN=${githubToken('since')}\n` });
  const now = await scanWithMemory(repo.path, directory);
  expect(now.report.findings).toHaveLength(4);
  for (const [path, bytes] of old) writeFileSync(path, bytes);
  expect((await scanWithMemory(repo.path, directory)).json).toBe(now.json);
});
