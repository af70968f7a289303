/**
 * What some of the trees of a forest hold, in arrays on shared memory: made where trees are read, taken over where they
 * are compared. Names are numbers of this share alone.
 */
export interface TreeShare {
  /** Bytes of names, one after the other; where each begins, and where the last one ends. */
  readonly names: Uint8Array;
  readonly nameStarts: Int32Array;
  /** Entries that stood in trees: name * 2, and 1 for a tree. */
  readonly kinds: Int32Array;
  /** Of each what it leads to: an entry of the forest; the complement of a number in `others`; for a blob its number among the wanted ones, or NOT_WANTED. */
  readonly children: Int32Array;
  /** Ids of trees that no pack has. */
  readonly others: Uint8Array;
  /** Ids of blobs that no pack has, if they were asked for; some more than once. */
  readonly missed: Uint8Array;
  /**
   * One after the other: number of a tree, that of its base (-1 for none, or CONTINUED; see kernel.ts), how many steps
   * follow; then the steps: an entry above, or the complement of one that the tree has less than its base.
   */
  readonly records: Int32Array;
  /** Trees that end in the middle of an entry, or of which a part makes no sense: what comes before is there. */
  readonly malformed: Int32Array;
  /** Why this is not all. */
  readonly limit?: string;
}

export const NOT_WANTED: number = -(2 ** 31);

/** Of no trees. */
export const NO_SHARE: TreeShare = {
  names: new Uint8Array(0),
  nameStarts: new Int32Array(1),
  kinds: new Int32Array(0),
  children: new Int32Array(0),
  others: new Uint8Array(0),
  missed: new Uint8Array(0),
  records: new Int32Array(0),
  malformed: new Int32Array(0),
};
