/** Reads jobs of delta trees and loose objects, inside a worker: every text says how it derives from its base. */
import { setImmediate } from 'node:timers/promises';
import type { ExcludedReason, ReaderContext, Text, TextSink } from '../../types/index.ts';
import { SNIFF_BYTES } from '../binary.ts';
import { createMeter } from '../meter.ts';
import { createNoteTaker } from './commit-notes.ts';
import { type DeltaJob, PROBE, VERIFY } from './delta-job.ts';
import { createLeftOut, leftOutAs, messageStart, pushObject, reportMissing } from './object-text.ts';
import { hashBytes, toHex } from './oid.ts';
import { entryHex, type Forest } from './pack/forest.ts';
import { packKernel } from './pack/kernel.ts';
import { readLoose, type StoredObject } from './pack/loose.ts';
import { ObjectError } from './pack/object-error.ts';
import { BLOB, COMMIT } from './pack/object-types.ts';
import { hasId, objectId, openOtherCopies } from './pack/other-copies.ts';
import { type Failure, type Visitor, walk } from './pack/walk.ts';

/** One object of so many is compared with its id. */
const SAMPLE = 64;
const LOOSE_BETWEEN_PAUSES = 256;

export async function readDeltas(job: DeltaJob, sink: TextSink, ctx: ReaderContext): Promise<void> {
  const intake = createIntake(job, sink);
  await walkRoots(job, intake, ctx);
  await readLooseObjects(job, intake, ctx);
  intake.finish();
}

async function walkRoots(job: DeltaJob, intake: Intake, ctx: ReaderContext): Promise<void> {
  if (job.roots.length === 0) return;
  const { forest, wanted, limits } = job;
  const copies = openOtherCopies(forest, job.objectDirs);
  try {
    const options = {
      limits,
      wanted,
      outside: (entry: number) => copies.outside(entry, limits.baseBytes),
      instead: (entry: number) => copies.of(entry, limits.baseBytes),
    };
    const pusher = createPusher(job, intake);
    for (const _step of walk(forest, job.roots, options, pusher)) {
      await setImmediate();
      ctx.signal.throwIfAborted();
    }
    pusher.finish();
  } finally {
    copies.close();
  }
}

/** What becomes of objects, however they were read. */
interface Intake {
  readonly sink: TextSink;
  /** Whether an object is to be compared with its id. */
  isToCheck(id: Uint8Array, at: number): boolean;
  leftOut(reason: ExcludedReason): void;
  failed(where: string, reason: Failure, size: number): void;
  done(bytes: number): void;
  finish(): void;
}

function createIntake(job: DeltaJob, sink: TextSink): Intake {
  const leftOut = createLeftOut(sink);
  const meter = createMeter(sink);
  return {
    sink,
    isToCheck: (id, at) => job.verifyObjects || (id[at] ?? 0) % SAMPLE === 0,
    leftOut: (reason) => leftOut.add(reason, undefined),
    failed(where, reason, size) {
      if (reason === 'missing') reportMissing(where, job.allowMissing, sink);
      else if (reason === 'too-large') sink.notScanned({ state: 'excluded', reason, where, detail: `${size} bytes` });
      else sink.notScanned({ state: 'failed', reason, where });
      meter.add(0);
    },
    done: (bytes) => meter.add(bytes),
    finish() {
      meter.flush();
      leftOut.report(job.where);
    },
  };
}

/** The text at hand: one object, filled anew for each, since there are hundreds of thousands. */
class EntryText implements Text {
  readonly #forest: Forest;
  entry = 0;
  bytes: Uint8Array = new Uint8Array(0);
  inherit: { base: number; copies: Int32Array } | undefined;
  keep: number | undefined;
  probe = false;

  constructor(forest: Forest) {
    this.#forest = forest;
  }

  get id(): string {
    return `git:${entryHex(this.#forest, this.entry)}`;
  }
}

function createPusher(job: DeltaJob, intake: Intake): Visitor & { finish(): void } {
  const { forest } = job;
  const { sink } = intake;
  const note = noteIn(job.pushed);
  const commits = job.commits === undefined ? undefined : createNoteTaker(forest, job.commits);
  const kernel = packKernel();
  const width = hashBytes(forest.hash);
  const text = new EntryText(forest);
  const inherit: { base: number; copies: Int32Array } = { base: 0, copies: new Int32Array(0) };
  /** The entry whose text is kept, by depth. */
  const kept: number[] = [];

  function push(entry: number, bytes: Uint8Array, depth: number, copies: Int32Array | undefined): void {
    text.entry = entry;
    text.bytes = bytes;
    const derives = copies !== undefined && depth > 0 && kept[depth - 1] === forest.base[entry];
    if (derives) {
      inherit.base = depth - 1;
      inherit.copies = copies;
    }
    text.inherit = derives ? inherit : undefined;
    const isBase = (forest.firstChild[entry] ?? -1) >= 0;
    text.keep = isBase ? depth : undefined;
    if (isBase) kept[depth] = entry;
    const size = bytes.length;
    sink.text(text);
    note(entry, size);
  }

  return {
    entry(entry, bytes, depth, copies) {
      if (intake.isToCheck(forest.ids, entry * width) && !hasId(forest, entry, bytes)) {
        intake.failed(`git:${entryHex(forest, entry)}`, 'corrupt', 0);
        return;
      }
      // Memory that grows while a text is scanned leaves the view of it empty.
      const size = bytes.length;
      if (job.wanted[entry] === VERIFY) {
        intake.done(size);
        return;
      }
      text.probe = job.wanted[entry] === PROBE;
      if (forest.type[entry] === BLOB) {
        const hasNul = kernel.hasZero(bytes.byteOffset, Math.min(bytes.length, SNIFF_BYTES));
        const left = leftOutAs(bytes, hasNul !== 0);
        if (left === undefined) push(entry, bytes, depth, copies);
        else intake.leftOut(left);
      } else {
        if (forest.type[entry] === COMMIT) commits?.add(entry, bytes);
        // A message is a text of its own: what stands before it is not scanned.
        text.entry = entry;
        text.bytes = bytes.subarray(messageStart(bytes));
        text.inherit = undefined;
        text.keep = undefined;
        sink.text(text);
        note(entry, size);
      }
      intake.done(size);
    },
    failed(entry, reason, size) {
      // A base that is missing makes the object unreadable; it is not missing itself.
      intake.failed(`git:${entryHex(forest, entry)}`, reason === 'missing' ? 'corrupt' : reason, size);
    },
    finish: () => commits?.finish(),
  };
}

/** An object of 4 GiB is not noted, so it is read every time. */
function noteIn(pushed: Uint32Array | undefined): (index: number, bytes: number) => void {
  if (pushed === undefined) return () => undefined;
  return (index, bytes) => {
    if (bytes < 0xffffffff) pushed[index] = bytes + 1;
  };
}

async function readLooseObjects(job: DeltaJob, intake: Intake, ctx: ReaderContext): Promise<void> {
  const note = noteIn(job.loosePushed);
  const width = hashBytes(job.forest.hash);
  for (let index = 0; index * width < job.loose.length; index += 1) {
    if (index % LOOSE_BETWEEN_PAUSES === 0) await setImmediate();
    ctx.signal.throwIfAborted();
    const oid = toHex(job.loose, index, width);
    const found = readAnyLoose(
      job,
      oid,
      ({ type, bytes }) =>
        !intake.isToCheck(job.loose, index * width) || objectId(job.forest.hash, type, bytes) === oid,
    );
    if ('failure' in found) {
      intake.failed(`git:${oid}`, found.failure, found.size);
      continue;
    }
    const left = pushObject(`git:${oid}`, found.type, found.bytes, intake.sink, job.probesLoose);
    if (left !== undefined) intake.leftOut(left);
    else if (found.type !== 'tree') note(index, found.bytes.length);
    intake.done(found.bytes.length);
  }
}

/** The first sound one of the object directories, or why there is none. */
function readAnyLoose(
  job: DeltaJob,
  oid: string,
  isSound: (object: StoredObject) => boolean,
): StoredObject | { readonly failure: Failure; readonly size: number } {
  let failure: Failure = 'missing';
  for (const directory of job.objectDirs) {
    try {
      const object = readLoose(directory, oid, job.maxTextBytes);
      if (object !== undefined && isSound(object)) return object;
      if (object !== undefined) failure = 'corrupt';
    } catch (error) {
      if (!(error instanceof ObjectError)) throw error;
      if (error.code === 'too-large') return { failure: 'too-large', size: Number.parseInt(error.message) };
      failure = 'corrupt';
    }
  }
  return { failure, size: 0 };
}
