/**
 * Parses the output of `git cat-file --batch` (git-cat-file, "BATCH OUTPUT"): `<oid> SP <type> SP <size> LF <bytes> LF`
 * or `<name> SP missing LF`, piece by piece. An object that lies in one piece is handed on where it lies; one that
 * does not is put together in a buffer that is kept and reused, so no byte is copied twice.
 */
export type ObjectType = 'blob' | 'commit' | 'tag' | 'tree';

export interface BatchHandlers {
  /** False: the object is passed over without being held, and `skipped` is called in place of `object`. */
  accepts(type: ObjectType, size: number): boolean;
  skipped(type: ObjectType, size: number): void;
  /** `bytes` is valid during the call only. */
  object(type: ObjectType, bytes: Uint8Array): void;
  /** git has no such object. */
  missing(): void;
}

export interface BatchParser {
  push(chunk: Uint8Array): void;
  /** Answers completed so far. */
  readonly answers: number;
  /** True when bytes of an unfinished answer are held. */
  readonly inside: boolean;
}

const LF = 0x0a;
const KEEP_BYTES = 32 * 1024 * 1024;
const MAX_HEADER_BYTES = 4096;

interface Header {
  readonly type: ObjectType;
  readonly size: number;
}

export function createBatchParser(handlers: BatchHandlers): BatchParser {
  let store = new Uint8Array(64 * 1024);
  let held = 0;
  /** Header of the object whose bytes are awaited in `store`. */
  let header: Header | undefined;
  /** Bytes of a refused object that are still to come. */
  let skip = 0;
  let answers = 0;

  function hold(chunk: Uint8Array, capacity: number): void {
    if (store.length < capacity) {
      const larger = new Uint8Array(Math.max(capacity, Math.min(store.length * 2, KEEP_BYTES)));
      larger.set(store.subarray(0, held));
      store = larger;
    }
    store.set(chunk, held);
    held += chunk.length;
  }

  function isHolding(): boolean {
    return held > 0 || header !== undefined;
  }

  function release(): void {
    held = 0;
    header = undefined;
    if (store.length > KEEP_BYTES) store = new Uint8Array(64 * 1024);
  }

  function refuse(found: Header): void {
    answers += 1;
    handlers.skipped(found.type, found.size);
    skip = found.size + 1;
  }

  function emit(found: Header, bytes: Uint8Array): void {
    answers += 1;
    handlers.object(found.type, bytes);
  }

  /** Handles whole answers in `chunk` from `at`; holds the beginning of one that goes on beyond it. */
  function direct(chunk: Uint8Array, start: number): void {
    let at = start;
    while (at < chunk.length) {
      if (skip > 0) {
        const passed = Math.min(skip, chunk.length - at);
        skip -= passed;
        at += passed;
        continue;
      }
      const end = chunk.indexOf(LF, at);
      if (end < 0) {
        hold(chunk.subarray(at), chunk.length - at);
        return;
      }
      const found = parseHeader(chunk.subarray(at, end));
      at = end + 1;
      if (found === undefined) {
        answers += 1;
        handlers.missing();
      } else if (!handlers.accepts(found.type, found.size)) {
        refuse(found);
      } else if (at + found.size + 1 <= chunk.length) {
        emit(found, chunk.subarray(at, at + found.size));
        at += found.size + 1;
      } else {
        header = found;
        hold(chunk.subarray(at), found.size + 1);
        return;
      }
    }
  }

  /** Takes the bytes that the held answer still needs; gives how many. */
  function resume(chunk: Uint8Array): number {
    if (header !== undefined) {
      const take = Math.min(header.size + 1 - held, chunk.length);
      hold(chunk.subarray(0, take), header.size + 1);
      if (held === header.size + 1) {
        emit(header, store.subarray(0, header.size));
        release();
      }
      return take;
    }
    const end = chunk.indexOf(LF);
    const take = end < 0 ? chunk.length : end + 1;
    hold(chunk.subarray(0, take), held + take);
    if (held > MAX_HEADER_BYTES) throw new Error('git cat-file wrote an endless header');
    if (end < 0) return take;
    const found = parseHeader(store.subarray(0, held - 1));
    release();
    if (found === undefined) {
      answers += 1;
      handlers.missing();
    } else if (handlers.accepts(found.type, found.size)) {
      header = found;
    } else {
      refuse(found);
    }
    return take;
  }

  return {
    push(chunk) {
      let at = 0;
      while (at < chunk.length && isHolding()) at += resume(chunk.subarray(at));
      direct(chunk, at);
    },
    get answers() {
      return answers;
    },
    get inside() {
      return isHolding() || skip > 0;
    },
  };
}

/** Undefined for `<name> missing` and its kin (`ambiguous`, `submodule`, …). */
function parseHeader(line: Uint8Array): Header | undefined {
  const sizeAt = line.lastIndexOf(0x20) + 1;
  const typeAt = line.lastIndexOf(0x20, sizeAt - 2) + 1;
  const type = typeOf(line[typeAt], line[typeAt + 1], sizeAt - 1 - typeAt);
  if (sizeAt === 0 || typeAt === 0 || sizeAt === line.length || type === undefined) return undefined;
  let size = 0;
  for (let at = sizeAt; at < line.length; at += 1) {
    const digit = (line[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    size = size * 10 + digit;
  }
  return { type, size };
}

/** By first two letters and length: `blob`, `commit`, `tag`, `tree`. */
function typeOf(first: number | undefined, second: number | undefined, length: number): ObjectType | undefined {
  if (first === 0x62 && length === 4) return 'blob';
  if (first === 0x63 && length === 6) return 'commit';
  if (first !== 0x74) return undefined;
  if (second === 0x61 && length === 3) return 'tag';
  return second === 0x72 && length === 4 ? 'tree' : undefined;
}
