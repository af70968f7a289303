/** From a git object to the text that is scanned, the same for every reader of objects. */
import type { ExcludedReason, TextSink } from '../../types/index.ts';
import { isBinary } from '../binary.ts';
import { isLfsPointer } from '../lfs-pointer.ts';
import type { ObjectType } from './batch-parser.ts';

export interface TextPolicy {
  /** Blobs above this are excluded as `too-large`. */
  readonly maxTextBytes: number;
}

/** Gives why the object is left out; undefined when it was pushed, or is a tree. */
export function pushObject(
  id: string,
  type: ObjectType,
  bytes: Uint8Array,
  sink: TextSink,
  probe = false,
): ExcludedReason | undefined {
  if (type === 'tree') return undefined;
  const left = type === 'blob' ? leftOutAs(bytes) : undefined;
  if (left === undefined)
    sink.text({ id, bytes: type === 'blob' ? bytes : bytes.subarray(messageStart(bytes)), probe });
  return left;
}

/** Why a blob is not worth scanning. `hasNul` as for `isBinary`. */
export function leftOutAs(blob: Uint8Array, hasNul?: boolean): ExcludedReason | undefined {
  if (isLfsPointer(blob)) return 'lfs-pointer';
  return isBinary(blob, hasNul) ? 'binary' : undefined;
}

/**
 * What a job leaves out. Objects of history have no path and may be many: those are counted, and one event tells of
 * all. Objects with a name of their own are listed.
 */
export interface LeftOut {
  add(reason: ExcludedReason, place: string | undefined): void;
  report(where: string): void;
}

export function createLeftOut(sink: Pick<TextSink, 'notScanned'>): LeftOut {
  const counts = new Map<ExcludedReason, number>();
  return {
    add(reason, place) {
      if (place === undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
      else sink.notScanned({ state: 'excluded', reason, where: place });
    },
    report(where) {
      for (const reason of [...counts.keys()].sort())
        sink.notScanned({ state: 'excluded', reason, where, count: counts.get(reason) ?? 0 });
    },
  };
}

export function reportMissing(where: string, allowed: boolean, sink: Pick<TextSink, 'notScanned'>): void {
  if (allowed) sink.notScanned({ state: 'excluded', reason: 'missing-allowed', where });
  else sink.notScanned({ state: 'failed', reason: 'missing', where });
}

/** Of a job that was stopped, the texts that have a name. */
export function reportUnread(
  objects: readonly { readonly place: string; readonly quiet?: boolean }[],
  sink: Pick<TextSink, 'notScanned'>,
): void {
  for (const { place, quiet = false } of objects)
    if (!quiet) sink.notScanned({ state: 'failed', reason: 'interrupted', where: place });
}

const LF = 0x0a;

/** Offset of the message of a commit or an annotated tag: behind the first empty line. Its length when there is none. */
export function messageStart(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
  }
  return bytes.length;
}
