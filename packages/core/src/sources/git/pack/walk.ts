/**
 * Walks trees of deltas depth first, base before delta: each entry is inflated once. The child with most below it comes
 * last, when its base is needed no more; so of a tree of n entries at most log2(n) texts wait for their other children,
 * however long its chains are. Should those be more than a limit, the oldest are dropped and built again.
 */
import { type EntryTexts, type Failure, openEntryTexts } from './entry-texts.ts';
import { createFamilies, type Families } from './families.ts';
import type { Forest } from './forest.ts';
import { linearMemory } from '../../../bytes/linear-memory.ts';

export type { Failure } from './entry-texts.ts';

export interface Visitor {
  /**
   * Called for each wanted entry, base before delta, depth first. `bytes` lie in linear memory, valid during the call.
   * `depth`: in the chain of this walk, 0 for a root. `copies`: runs against the text of `forest.base[entry]`, which was
   * visited at `depth` - 1 if it is wanted; undefined for a text that is whole, or whose runs are not known.
   */
  entry(entry: number, bytes: Uint8Array, depth: number, copies: Int32Array | undefined): void;
  /** Called for each wanted entry that cannot be had. `size`: claimed, for `too-large`. */
  failed(entry: number, reason: Failure, size: number): void;
}

export interface WalkLimits {
  /** Texts above this are not visited: `too-large`. */
  readonly textBytes: number;
  /** Bases above this are not built; nothing below them can be had. */
  readonly baseBytes: number;
  /** Texts that wait for their other children. */
  readonly heldBytes: number;
  /** Bytes inflated and put together in one walk; what is left then is not visited: `limit`. */
  readonly workBytes: number;
}

export interface WalkOptions {
  readonly limits: WalkLimits;
  /** By entry number, not 0: visit. Others are built only if something wanted derives from them. Default: all. */
  readonly wanted?: Uint8Array | undefined;
  /** Text of the base of an entry whose base is in no pack (-2), undefined if there is none. */
  outside?(entry: number): Uint8Array | undefined;
  /** Text of an entry that cannot be read here, from elsewhere; the walk goes on with it. */
  instead?(entry: number, reason: Failure): Uint8Array | undefined;
}

export const DEFAULT_WALK_LIMITS: WalkLimits = {
  textBytes: 512 * 1024 * 1024,
  baseBytes: 512 * 1024 * 1024,
  heldBytes: 256 * 1024 * 1024,
  workBytes: 2 ** 40,
};

/** Work between two yields. */
const STEP_BYTES = 16 * 1024 * 1024;

/** Walks the trees below `roots`, and yields from time to time, so that the caller can look around. */
export function* walk(forest: Forest, roots: Int32Array, options: WalkOptions, visitor: Visitor): Generator<void> {
  const texts = openEntryTexts(forest);
  const families = createFamilies(forest);
  const step = createStep(forest, families, texts, options, visitor);
  try {
    let next = STEP_BYTES;
    for (let listed = 0; listed < roots.length;) {
      listed = families.list(roots, listed, options.wanted);
      texts.readAhead(families.sorted());
      for (let at = 0; at < families.count; at += families.span[at] ?? 1) {
        step.begin(at);
        do {
          if (texts.work < next) continue;
          next = texts.work + STEP_BYTES;
          yield;
        } while (step.advance());
      }
    }
  } finally {
    step.end();
    texts.close();
  }
}

/** An entry whose text waits for children. */
interface Frame {
  /** In the list. */
  at: number;
  next: number;
  /** -1: dropped. */
  pointer: number;
  size: number;
  depth: number;
}

interface Step {
  /** Visits the root of a tree, by its position. */
  begin(at: number): void;
  /** Visits one more entry; false at the end of the tree. */
  advance(): boolean;
  end(): void;
}

function createStep(
  forest: Forest,
  families: Families,
  texts: EntryTexts,
  options: WalkOptions,
  visitor: Visitor,
): Step {
  const { limits, wanted } = options;
  const memory = linearMemory();
  const frames: Frame[] = [];
  let top = -1;
  let held = 0;

  function isWanted(entry: number): boolean {
    return wanted === undefined || (wanted[entry] ?? 0) !== 0;
  }

  function push(at: number, depth: number): void {
    top += 1;
    const frame = (frames[top] ??= { at: 0, next: 0, pointer: -1, size: 0, depth: 0 });
    frame.at = at;
    frame.next = at + 1;
    frame.pointer = texts.pointer;
    frame.size = texts.size;
    frame.depth = depth;
    held += frame.size;
    for (let oldest = 0; held > limits.heldBytes && oldest < top; oldest += 1) drop(frames[oldest]);
  }

  function drop(frame: Frame | undefined): void {
    if (frame === undefined || frame.pointer < 0) return;
    texts.release(frame.pointer, frame.size);
    held -= frame.size;
    frame.pointer = -1;
  }

  function pop(): void {
    drop(frames[top]);
    top -= 1;
  }

  /** Builds an entry's text; from elsewhere if it cannot be read here. */
  function build(entry: number, base: number, baseSize: number, most: number): Failure | undefined {
    if (texts.work > limits.workBytes) return 'limit';
    const failure = texts.build(entry, base, baseSize, most);
    if (failure === undefined || failure === 'too-large') return failure;
    const other = options.instead?.(entry, failure);
    return other === undefined || other.length > most ? failure : texts.adopt(other);
  }

  function buildRoot(entry: number, most: number): Failure | undefined {
    if ((forest.base[entry] ?? -1) === -1) return build(entry, -1, 0, most);
    const base = options.outside?.(entry);
    if (base === undefined) return 'missing';
    const failure = base.length > limits.baseBytes ? 'limit' : texts.adopt(base);
    if (failure !== undefined) return failure;
    const { pointer, size } = texts;
    const result = build(entry, pointer, size, most);
    texts.release(pointer, size);
    return result;
  }

  /** Hands on the text that was just built, and holds it if children need it. */
  function visit(at: number, depth: number, hasCopies: boolean): void {
    const entry = families.entry[at] ?? 0;
    const { pointer, size } = texts;
    const copies = hasCopies ? texts.copies() : undefined;
    const waits = (families.heavy[at] ?? -1) >= 0;
    if (waits) push(at, depth);
    if (isWanted(entry)) {
      if (size > limits.textBytes) visitor.failed(entry, 'too-large', size);
      else visitor.entry(entry, new Uint8Array(memory.memory.buffer, pointer, size), depth, copies);
    }
    if (!waits) texts.release(pointer, size);
  }

  /** The entry cannot be had, and so can nothing that derives from it. */
  function fail(at: number, reason: Failure, size: number): void {
    const entry = families.entry[at] ?? 0;
    if (isWanted(entry)) visitor.failed(entry, reason, size);
    const below = reason === 'corrupt' || reason === 'missing' ? 'corrupt' : 'limit';
    const stop = at + (families.span[at] ?? 1);
    for (let next = at + 1; next < stop; next += 1) {
      const child = families.entry[next] ?? 0;
      if (isWanted(child)) visitor.failed(child, below, 0);
    }
  }

  /** A text that nothing derives from need not be larger than what is visited. */
  function mostOf(at: number): number {
    return (families.heavy[at] ?? -1) >= 0 ? limits.baseBytes : limits.textBytes;
  }

  /** The text of a frame, built again if it was dropped. */
  function ensure(frame: Frame): Failure | undefined {
    if (frame.pointer >= 0) return undefined;
    const path: number[] = [];
    let entry = families.entry[frame.at] ?? 0;
    let from: Frame | undefined;
    for (;;) {
      path.push(entry);
      if ((forest.base[entry] ?? -1) < 0) break;
      entry = forest.base[entry] ?? 0;
      const base = entry;
      from = frames.find((each, at) => at < top && each.pointer >= 0 && families.entry[each.at] === base);
      if (from !== undefined) break;
    }
    let pointer = from?.pointer ?? -1;
    let size = from?.size ?? 0;
    for (let next = path.pop(); next !== undefined; next = path.pop()) {
      const failure = pointer < 0 ? buildRoot(next, limits.baseBytes) : build(next, pointer, size, limits.baseBytes);
      if (pointer >= 0 && pointer !== from?.pointer) texts.release(pointer, size);
      if (failure !== undefined) return failure;
      ({ pointer, size } = texts);
    }
    frame.pointer = pointer;
    frame.size = size;
    held += size;
    return undefined;
  }

  /** Builds and visits a child of the top frame. */
  function descend(at: number): void {
    const frame = frames[top];
    if (frame === undefined) return;
    const depth = frame.depth + 1;
    const isLast = at === families.heavy[frame.at];
    const failure = ensure(frame) ?? build(families.entry[at] ?? 0, frame.pointer, frame.size, mostOf(at));
    const { size } = texts;
    if (isLast) pop();
    if (failure === undefined) visit(at, depth, true);
    else fail(at, failure, size);
  }

  return {
    begin(at) {
      if (families.needed[at] !== 1) return;
      const failure = buildRoot(families.entry[at] ?? 0, mostOf(at));
      const { size } = texts;
      if (failure === undefined) visit(at, 0, false);
      else fail(at, failure, size);
    },
    advance() {
      const frame = frames[top];
      if (top < 0 || frame === undefined) return false;
      const last = families.heavy[frame.at] ?? -1;
      const stop = frame.at + (families.span[frame.at] ?? 1);
      let child = frame.next;
      while (child < stop && (child === last || families.needed[child] !== 1)) child += families.span[child] ?? 1;
      if (child < stop) frame.next = child + (families.span[child] ?? 1);
      descend(child < stop ? child : last);
      return true;
    },
    end() {
      while (top >= 0) pop();
    },
  };
}
