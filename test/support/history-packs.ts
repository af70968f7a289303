/** Histories of files as packs: made by git, and made by hand with the deltas that git would not choose. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Step, Version } from './delta-chain.ts';
import { bytesOf } from './delta-chain.ts';
import { type DeltaStep, type MadeEntry, makeDelta, objectIdOf } from './made-pack.ts';
import { writeLoose, writePack } from './pack-files.ts';
import { gitEnvironment, makeRepo } from './repo.ts';

export type FileVersions = readonly (Version & { readonly step: Step })[];

export interface MadeHistories {
  readonly objectDirs: readonly string[];
  /** What can be read. */
  readonly blobs: readonly (readonly [id: string, bytes: Uint8Array])[];
}

/** A commit for each round of versions, packed by git with chains of up to 50 deltas. Blobs are read through git. */
export function packedByGit(parent: string, files: readonly FileVersions[]): MadeHistories {
  const repo = makeRepo(parent, { bare: true });
  const script: Buffer[] = [];
  const say = (text: string): void => void script.push(Buffer.from(text));
  const rounds = Math.max(...files.map((versions) => versions.length));
  for (let round = 0; round < rounds; round += 1) {
    const who = `Ada <ada@example.org> ${1_600_000_000 + round * 60} +0000`;
    say(`commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata 2\nx\n\n`);
    for (const [at, versions] of files.entries()) {
      const bytes = versions[round]?.bytes;
      if (bytes === undefined) continue;
      say(`M 100644 inline file-${at}\ndata ${bytes.length}\n`);
      script.push(Buffer.from(bytes));
      say('\n');
    }
    say('\n');
  }
  const run = (input: Buffer, ...args: string[]): Buffer =>
    execFileSync('git', args, { cwd: repo.path, env: gitEnvironment(), input, maxBuffer: 1 << 29 });
  run(Buffer.concat(script), 'fast-import', '--quiet');
  run(Buffer.alloc(0), '-c', 'pack.threads=1', 'repack', '-adfq', '--depth=50', '--window=50');
  return {
    objectDirs: [join(repo.gitDir, 'objects')],
    blobs: blobsOf(run(Buffer.alloc(0), 'cat-file', '--batch-all-objects', '--batch', '--buffer')),
  };
}

function blobsOf(all: Buffer): readonly (readonly [string, Uint8Array])[] {
  const blobs: [string, Uint8Array][] = [];
  for (let at = 0; at < all.length;) {
    const end = all.indexOf('\n', at);
    const [id = '', type = '', size = '0'] = all.toString('latin1', at, end).split(' ');
    const bytes = all.subarray(end + 1, end + 1 + Number(size));
    at = end + 1 + bytes.length + 1;
    if (type === 'blob') blobs.push([id, Uint8Array.from(bytes)]);
  }
  return blobs;
}

/**
 * Each version as a delta on the one before by its own edits. What is special in the n-th file: 0 nothing; 1 the same
 * objects are in a second pack with each version a delta on the one after; 2 all deltas name their bases, which stand
 * behind them; 3 the first version is a loose object; 4 a version is nowhere, so that nothing that derives from it can
 * be read.
 */
export function packedByHand(directory: string, files: readonly FileVersions[]): MadeHistories {
  const first: MadeEntry[] = [];
  const second: MadeEntry[] = [];
  const known = new Set<string>();
  const blobs: [string, Uint8Array][] = [];
  for (const [number, versions] of files.entries()) {
    const entries: MadeEntry[] = [];
    let base: { readonly id: string; readonly bytes: Uint8Array } | undefined;
    const special = number % 5;
    let isLost = false;
    for (const [at, { bytes, step }] of versions.entries()) {
      const id = objectIdOf('blob', bytes);
      if (known.has(id)) continue;
      known.add(id);
      const isWhole = base === undefined;
      const code = isWhole
        ? undefined
        : at > 0 && base?.bytes === versions[at - 1]?.bytes
          ? deltaOf(base?.bytes ?? bytes, step, bytes)
          : around(base?.bytes ?? bytes, bytes);
      const content = Buffer.from(bytes);
      const entry: MadeEntry = {
        type: 'blob',
        content,
        ...(code === undefined ? {} : { delta: { base: base?.id ?? '', code } }),
      };
      if (special === 3 && isWhole) writeLoose(directory, id, 'blob', content);
      else if (special === 4 && !isWhole && !isLost) isLost = true;
      else entries.push(entry);
      if (!isLost) blobs.push([id, bytes]);
      base = { id, bytes };
    }
    first.push(...(special === 2 ? entries.toReversed() : entries));
    if (special !== 1) continue;
    const backwards = entries.toReversed();
    for (const [at, { content }] of backwards.entries()) {
      const from = backwards[at - 1];
      const delta =
        from === undefined ? {} : { delta: { base: second.length - 1, code: around(from.content, content) } };
      second.push({ type: 'blob', content, ...delta });
    }
  }
  writePack(directory, 'a', first);
  if (second.length > 0) writePack(directory, 'b', second);
  return { objectDirs: [directory], blobs };
}

/** The edits as a delta; copies in pieces of 64 KiB, as git writes them, inserts of at most 127 bytes. */
function deltaOf(base: Uint8Array, step: Step, result: Uint8Array): Buffer {
  const steps: DeltaStep[] = [];
  for (const { copy, insert } of step) {
    const bytes = bytesOf(insert ?? '');
    for (let at = 0; at < bytes.length; at += 127) steps.push({ insert: bytes.subarray(at, at + 127) });
    if (copy === undefined || base.length === 0) continue;
    const from = copy[0] % (base.length + 1);
    steps.push(...copies(from, Math.min(copy[1], base.length - from)));
  }
  const made = makeDelta(base, steps);
  if (!made.result.equals(result)) throw new Error('the edits do not make the text');
  return made.code;
}

/** What both begin and end with is copied. */
function around(base: Uint8Array, result: Uint8Array): Buffer {
  const most = Math.min(base.length, result.length);
  let head = 0;
  while (head < most && base[head] === result[head]) head += 1;
  let tail = 0;
  while (tail < most - head && base[base.length - 1 - tail] === result[result.length - 1 - tail]) tail += 1;
  const steps: DeltaStep[] = [...copies(0, head)];
  for (let at = head; at < result.length - tail; at += 127)
    steps.push({ insert: result.subarray(at, Math.min(at + 127, result.length - tail)) });
  steps.push(...copies(base.length - tail, tail));
  return makeDelta(base, steps).code;
}

function copies(from: number, length: number): readonly DeltaStep[] {
  const steps: DeltaStep[] = [];
  for (let at = 0; at < length; at += 0x10000) steps.push({ copy: [from + at, Math.min(0x10000, length - at)] });
  return steps;
}
