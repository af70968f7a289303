/** Finds the entry at an offset: a table over even parts of the pack, then a search within one part. */

/** `offsets`: ascending, all below `end`. Gives the index of an offset, or -1. */
export function createOffsetLookup(offsets: Float64Array, end: number): (offset: number) => number {
  const count = offsets.length;
  let scale = 1;
  while (end / scale > Math.max(count * 2, 1024)) scale *= 2;
  const parts = Math.ceil(end / scale) + 1;
  // starts[part]: the first entry at or behind the beginning of the part.
  const starts = new Uint32Array(parts + 1);
  let index = 0;
  for (let part = 0; part <= parts; part += 1) {
    while (index < count && (offsets[index] ?? 0) < part * scale) index += 1;
    starts[part] = index;
  }
  return (offset) => {
    const part = Math.floor(offset / scale);
    let low = starts[part] ?? count;
    let high = (starts[part + 1] ?? count) - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = offsets[middle] ?? 0;
      if (found === offset) return middle;
      if (found < offset) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  };
}
