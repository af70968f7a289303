/**
 * Whether scanning a repository by its deltas finds what scanning every object whole finds:
 * `node --conditions=dev tools/compare-whole.ts REPOSITORY`. The second reading is `git cat-file`, and knows nothing of
 * deltas, of our packs, or of what was scanned before. Compared are the texts, and all hits and flags of each; any
 * difference is printed (ids, rules and places, no bytes), and makes the exit code 1.
 */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { defaultRuleset } from '../packages/core/src/rules/default-ruleset.ts';
import { isBinary } from '../packages/core/src/sources/binary.ts';
import { detect } from '../packages/core/src/sources/git/detect.ts';
import { createHistorySource } from '../packages/core/src/sources/git/history-source.ts';
import { messageStart } from '../packages/core/src/sources/git/object-text.ts';
import { isLfsPointer } from '../packages/core/src/sources/lfs-pointer.ts';
import { DEFAULT_MAX_TEXT_BYTES } from '../packages/core/src/sources/limits.ts';
import { loadReader } from '../packages/core/src/sources/readers.ts';
import type { TextScanSettings } from '../packages/core/src/pipeline/messages.ts';
import type { TextReport } from '../packages/core/src/types/index.ts';
import { createTextScanner } from '../packages/core/src/pipeline/text-scanner.ts';
import { INLINE_MARKERS } from '../packages/core/src/suppress/inline.ts';
import { readBatch } from './cat-file-batch.ts';

const MAX_PRINTED = 20;

const { positionals } = parseArgs({ allowPositionals: true });
const [path = ''] = positionals;
if (path === '') throw new Error('name a repository');

const settings: TextScanSettings = {
  ruleset: await defaultRuleset(),
  maxDecodeDepth: 3,
  inherit: true,
  salt: 'compare',
  repository: '',
  fingerprintKey: new Uint8Array(32),
  reveal: false,
  inlineMarkers: INLINE_MARKERS,
  sha1: false,
};

/** What one reading says: texts that were scanned, and what there is to say of some of them, as JSON. */
interface Reading {
  texts: number;
  bytes: number;
  derived: number;
  hits: number;
  leftOut: number;
  readonly ids: Set<string>;
  readonly reports: Map<string, string>;
}

function startReading(): Reading {
  return { texts: 0, bytes: 0, derived: 0, hits: 0, leftOut: 0, ids: new Set(), reports: new Map() };
}

function note(reading: Reading, id: string, bytes: number, report: TextReport | undefined): void {
  reading.texts += 1;
  reading.bytes += bytes;
  reading.ids.add(id);
  if (report === undefined) return;
  reading.hits += report.hits.length;
  reading.reports.set(id, JSON.stringify(report));
}

async function byDeltas(): Promise<Reading> {
  const reading = startReading();
  const repository = await detect(path);
  if (repository.kind !== 'repository') throw new Error(`${path} is a ${repository.kind}`);
  const source = createHistorySource(
    { repository },
    { env: process.env, tmpdir: tmpdir(), uid: process.getuid?.(), parallelism: 1 },
  );
  const { signal } = new AbortController();
  const notScanned = ({ count }: { readonly count?: number | undefined }): void => void (reading.leftOut += count ?? 1);
  try {
    const plan = await source.plan({ signal, now: () => new Date(0), log: () => undefined, notScanned });
    const scanner = createTextScanner(settings);
    for (const job of plan.jobs) {
      const read = await loadReader(job.reader);
      const sink = {
        text(text: Parameters<typeof scanner.scan>[0]): void {
          // The scan may make memory grow, and views of it empty.
          const size = text.bytes.length;
          note(reading, text.id, size, scanner.scan(text));
          if (text.inherit !== undefined) reading.derived += 1;
        },
        notScanned,
        progress: () => undefined,
      };
      await read(job, sink, { signal });
    }
  } finally {
    await source.close();
  }
  return reading;
}

async function whole(): Promise<Reading> {
  const reading = startReading();
  const scanner = createTextScanner({ ...settings, inherit: false });
  const git = spawn('git', ['-C', path, 'cat-file', '--batch-all-objects', '--batch', '--buffer', '--unordered'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const { oid, type, bytes } of readBatch(git.stdout)) {
    if (type === 'tree') continue;
    const isBlob = type === 'blob';
    if (isBlob && (isLfsPointer(bytes) || isBinary(bytes) || bytes.length > DEFAULT_MAX_TEXT_BYTES)) {
      reading.leftOut += 1;
      continue;
    }
    const text = isBlob ? bytes : bytes.subarray(messageStart(bytes));
    const id = `git:${oid}`;
    note(reading, id, text.length, scanner.scan({ id, bytes: text }));
  }
  return reading;
}

function describe(label: string, reading: Reading, started: number): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { texts, bytes, derived, hits, leftOut, reports } = reading;
  process.stdout.write(
    `${label}: ${texts} texts (${derived} derived, ${leftOut} left out), ${bytes} bytes, ${reports.size} with hits or flags, ${hits} hits, ${seconds} s\n`,
  );
}

/** Prints the first few differences; gives their number. */
function compare(deltas: Reading, other: Reading): number {
  let differences = 0;
  const tell = (what: string): void => {
    differences += 1;
    if (differences <= MAX_PRINTED) process.stdout.write(`${what}\n`);
  };
  for (const id of deltas.ids) if (!other.ids.has(id)) tell(`${id}: scanned by deltas alone`);
  for (const id of other.ids) if (!deltas.ids.has(id)) tell(`${id}: scanned whole alone`);
  for (const id of new Set([...deltas.reports.keys(), ...other.reports.keys()])) {
    const [a, b] = [deltas.reports.get(id), other.reports.get(id)];
    if (a !== b) tell(`${id}:\n  by deltas ${summary(a)}\n  whole     ${summary(b)}`);
  }
  return differences;
}

function summary(json: string | undefined): string {
  if (json === undefined) return 'nothing';
  const { hits, flags } = JSON.parse(json) as TextReport;
  const spans = hits.map(({ rule, span, line }) => `${rule} ${span.start}-${span.end} line ${line}`);
  return `${spans.join(', ')}${flags === undefined ? '' : ` ${JSON.stringify(flags)}`}`;
}

let started = performance.now();
const deltas = await byDeltas();
describe('by deltas', deltas, started);
started = performance.now();
const other = await whole();
describe('whole', other, started);
const differences = compare(deltas, other);
process.stdout.write(`${differences} differences\n`);
if (differences > 0) process.exitCode = 1;
