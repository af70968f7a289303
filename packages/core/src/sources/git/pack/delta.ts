/** Deltas (gitformat-pack, "Deltified representation"): copy a range of the base, or insert bytes. */
import { ObjectError } from './object-error.ts';

/** Sizes at the head of a delta. @throws ObjectError `corrupt` */
export function deltaSizes(delta: Uint8Array): {
  readonly base: number;
  readonly result: number;
  readonly dataAt: number;
} {
  const base = varint(delta, 0);
  const result = varint(delta, base.end);
  return { base: base.value, result: result.value, dataAt: result.end };
}

/** @throws ObjectError `corrupt` when an instruction reaches outside base, delta or result; `too-large` over `limit` */
export function applyDelta(base: Uint8Array, delta: Uint8Array, limit: number): Uint8Array {
  const sizes = deltaSizes(delta);
  if (sizes.base !== base.length) throw new ObjectError('corrupt', 'a delta does not fit its base');
  if (sizes.result > limit) throw new ObjectError('too-large', `${sizes.result} bytes`);
  const result = new Uint8Array(sizes.result);
  let to = 0;
  let at = sizes.dataAt;
  while (at < delta.length) {
    const op = delta[at++] ?? 0;
    if ((op & 0x80) !== 0) {
      let from = 0;
      let length = 0;
      if ((op & 0x01) !== 0) from = delta[at++] ?? 0;
      if ((op & 0x02) !== 0) from += (delta[at++] ?? 0) * 0x100;
      if ((op & 0x04) !== 0) from += (delta[at++] ?? 0) * 0x10000;
      if ((op & 0x08) !== 0) from += (delta[at++] ?? 0) * 0x1000000;
      if ((op & 0x10) !== 0) length = delta[at++] ?? 0;
      if ((op & 0x20) !== 0) length += (delta[at++] ?? 0) * 0x100;
      if ((op & 0x40) !== 0) length += (delta[at++] ?? 0) * 0x10000;
      if (length === 0) length = 0x10000;
      if (at > delta.length || from + length > base.length || to + length > result.length)
        throw new ObjectError('corrupt', 'a delta reaches outside its base');
      copy(base, from, length, result, to);
      to += length;
    } else {
      if (op === 0 || at + op > delta.length || to + op > result.length)
        throw new ObjectError('corrupt', 'a delta has a bad instruction');
      copy(delta, at, op, result, to);
      at += op;
      to += op;
    }
  }
  if (to !== result.length) throw new ObjectError('corrupt', 'a delta makes less than it claims');
  return result;
}

/** Short runs are most of them, and a loop beats the call. */
function copy(source: Uint8Array, from: number, length: number, target: Uint8Array, to: number): void {
  if (length > 48) {
    target.set(source.subarray(from, from + length), to);
    return;
  }
  for (let at = 0; at < length; at += 1) target[to + at] = source[from + at] ?? 0;
}

function varint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let at = start;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at];
    if (byte === undefined || value > Number.MAX_SAFE_INTEGER) throw new ObjectError('corrupt', 'a delta is cut off');
    at += 1;
    value += (byte & 0x7f) * scale;
    if ((byte & 0x80) === 0) return { value, end: at };
  }
}
