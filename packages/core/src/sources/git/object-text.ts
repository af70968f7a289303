/** From a git object to the text that is scanned, the same for every reader of objects. */
import type { TextSink } from '../../types/index.ts';
import { isBinary } from '../binary.ts';
import { isLfsPointer } from '../lfs-pointer.ts';
import type { ObjectType } from './batch-parser.ts';

export interface TextPolicy {
  /** Blobs above this are excluded as `too-large`. */
  readonly maxTextBytes: number;
  /** Scan blobs that look binary, too. */
  readonly scanBinary: boolean;
}

/** Blobs left out of one job; many of them, and none has a path, so they are counted and not listed. */
export interface LeftOut {
  binary: number;
  lfsPointers: number;
}

export function pushObject(id: string, type: ObjectType, bytes: Uint8Array, sink: TextSink, policy: TextPolicy, leftOut: LeftOut): void {
  if (type === 'tree') return;
  if (type === 'commit' || type === 'tag') sink.text({ id, bytes: bytes.subarray(messageStart(bytes)) });
  else if (isLfsPointer(bytes)) leftOut.lfsPointers += 1;
  else if (bytes.length > policy.maxTextBytes) sink.notScanned({ state: 'excluded', reason: 'too-large', where: id, detail: `${bytes.length} bytes` });
  else if (!policy.scanBinary && isBinary(bytes)) leftOut.binary += 1;
  else sink.text({ id, bytes });
}

export function reportLeftOut(leftOut: LeftOut, where: string, sink: Pick<TextSink, 'notScanned'>): void {
  if (leftOut.binary > 0) sink.notScanned({ state: 'excluded', reason: 'binary', where, count: leftOut.binary });
  if (leftOut.lfsPointers > 0) sink.notScanned({ state: 'excluded', reason: 'lfs-pointer', where, count: leftOut.lfsPointers });
}

const LF = 0x0a;

/** Offset of the message of a commit or an annotated tag: behind the first empty line. Its length when there is none. */
export function messageStart(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
  }
  return bytes.length;
}
