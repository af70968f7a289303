/**
 * Reads trees through the kernel, whole lists of pack entries at a time or one by itself, and collects what they hold.
 */
import { linearMemory } from '../../../bytes/linear-memory.ts';
import { hashBytes, type OidTable } from '../oid.ts';
import type { Forest } from '../pack/forest.ts';
import { findWordSlots } from '../pack/id-slots.ts';
import { ROOM } from '../pack/kernel.ts';
import { LIST_ENTRIES } from './family-list.ts';
import { createGrowingWords } from './growing-words.ts';
import { createTreeKernel, ITEM_WORDS, type TreeKernel } from './kernel.ts';
import { createMemoryBlocks, type MemoryBlocks } from './memory-blocks.ts';
import { createTreeNames } from './tree-names.ts';
import { NOT_WANTED, type TreeShare } from './tree-share.ts';
import { createWantedBlobs } from './wanted-blobs.ts';

export interface TreeReader {
  /** Where items are put for `readItems` (ITEM_WORDS words each), at most LIST_ENTRIES. */
  readonly items: number;
  /** Reads the first `count` items: whole trees of deltas. What became of each is written into it. @throws ObjectError `limit` */
  readItems(count: number): void;
  /** Reads a tree by itself; false if it is malformed: what comes before that place is kept. @throws ObjectError `limit` */
  read(tree: number, bytes: Uint8Array): boolean;
  /** What was read. To be called once, after the last tree. @throws ObjectError `limit` */
  finish(): Omit<TreeShare, 'malformed'>;
  /** Gives memory back; nothing is of use afterwards. */
  close(): void;
}

/** Texts of one chain, runs of one delta, depths: what does not fit is read in other ways. */
const CHAIN_BYTES = 8 * 1024 * 1024 - ROOM;
const MAX_RUNS = 65_536;
const MAX_DEPTH = 8192;
/** Entries of one chain of trees whose places are kept. Beyond, trees are parsed whole: right, but slower. */
const MAX_LIST = 1 << 19;
const MAX_UNDO = 1 << 16;
const MAX_LITERALS = 4096;
const RECORD_BYTES = 256 * 1024;

/** `checks`: tell blobs that no pack has. */
export function createTreeReader(
  forest: Pick<Forest, 'hash' | 'slots'>,
  wantedIds: OidTable,
  checks: boolean,
): TreeReader {
  const memory = linearMemory();
  const blocks = createMemoryBlocks();
  const width = hashBytes(forest.hash);
  const wanted = createWantedBlobs(wantedIds);
  const kinds = createGrowingWords();
  const children = createGrowingWords();
  const records = createGrowingWords();
  const others = createGrowingWords();
  const missed = createGrowingWords();
  const items = blocks.allocate(LIST_ENTRIES * ITEM_WORDS * 4);
  const idsAt = blocks.allocate(MAX_LITERALS * width);
  const kindsAt = blocks.allocate(MAX_LITERALS * 4);
  const recordsAt = blocks.allocate(RECORD_BYTES);
  const checksAt = blocks.allocate(MAX_LITERALS * width);
  const countsAt = blocks.allocate(12);
  const found = new Int32Array(MAX_LITERALS);

  const kernel = createTreeKernel({
    drain() {
      const [count = 0, bytes = 0, blobs = 0] = memory.words.subarray(countsAt >> 2, (countsAt >> 2) + 3);
      takeLiterals(count);
      takeChecks(blobs);
      records.append(memory.words.subarray(recordsAt >> 2, (recordsAt + bytes) >> 2));
    },
    growNames: () => names.grow(),
  });
  setPlaces(kernel, blocks, width);
  const filterAt = blocks.allocate(wanted.filter.length);
  memory.bytes.set(wanted.filter, filterAt);
  kernel.setEntries(width, filterAt, wanted.filter.length * 8);
  const mostChecks = checks ? MAX_LITERALS : 0;
  kernel.setOutput(width, idsAt, kindsAt, MAX_LITERALS, recordsAt, RECORD_BYTES, checksAt, mostChecks, countsAt);
  const names = createTreeNames(kernel, blocks);

  function takeLiterals(count: number): void {
    const { words, bytes } = memory;
    const firstId = idsAt >> 2;
    findWordSlots(forest.slots, words.subarray(firstId, (idsAt + count * width) >> 2), count, found);
    for (let index = 0; index < count; index += 1) {
      const kind = words[(kindsAt >> 2) + index] ?? 0;
      if ((kind & 1) === 1) {
        const tree = found[index] ?? -1;
        children.push(tree < 0 ? ~((others.length * 4) / width) : tree);
        const id = firstId + (index * width) / 4;
        if (tree < 0) others.append(words.subarray(id, id + width / 4));
      } else {
        if (checks && (found[index] ?? -1) < 0) miss(idsAt + index * width);
        const blob = wanted.find(bytes, idsAt + index * width);
        children.push(blob < 0 ? NOT_WANTED : blob);
      }
      kinds.push(kind);
    }
  }

  function takeChecks(count: number): void {
    findWordSlots(forest.slots, memory.words.subarray(checksAt >> 2, (checksAt + count * width) >> 2), count, found);
    for (let index = 0; index < count; index += 1) if ((found[index] ?? -1) < 0) miss(checksAt + index * width);
  }

  function miss(id: number): void {
    missed.append(memory.words.subarray(id >> 2, (id + width) >> 2));
  }

  return {
    items,
    readItems: (count) => kernel.readList(items, count),
    read(tree, bytes) {
      // Room behind the text is read at most, never told of.
      const pointer = memory.allocate(bytes.length + ROOM);
      try {
        memory.bytes.set(bytes, pointer);
        return kernel.readTree(tree, pointer, pointer + bytes.length, 0, -1, 0, 0) === 0;
      } finally {
        memory.free(pointer, bytes.length + ROOM);
      }
    },
    finish() {
      kernel.finish();
      return {
        ...names.share(),
        kinds: kinds.share(),
        children: children.share(),
        others: new Uint8Array(others.share().buffer),
        missed: new Uint8Array(missed.share().buffer),
        records: records.share(),
      };
    },
    close: () => blocks.close(),
  };
}

function setPlaces(kernel: TreeKernel, blocks: MemoryBlocks, width: number): void {
  kernel.setTexts(
    blocks.allocate(CHAIN_BYTES + ROOM),
    CHAIN_BYTES,
    blocks.allocate(MAX_RUNS * 12),
    MAX_RUNS,
    blocks.allocate(MAX_DEPTH * 16),
    MAX_DEPTH,
  );
  kernel.setChain(
    width,
    blocks.allocate(MAX_LIST * 12),
    MAX_LIST,
    blocks.allocate(MAX_UNDO * 12),
    MAX_UNDO * 12,
    blocks.allocate(MAX_DEPTH * 16),
  );
}
