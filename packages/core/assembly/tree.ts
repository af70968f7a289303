/** Trees (git's tree format): `<octal mode> <name>\0<id>`, one entry after the other. */

const SUBMODULE: u32 = 0o160000;

/**
 * Copies to `out` the ids of those entries that do not lie whole in one of `runs` (triples of 32 bits: source, target,
 * length; in the order of the target): what a tree has that its base had not. Submodules are left out. There must be room
 * for `size / (idBytes + 3)` ids. Gives their number; a malformed entry ends the tree.
 */
export function newTreeIds(text: usize, size: u32, idBytes: u32, runs: usize, runCount: u32, out: usize): u32 {
  const end = text + size;
  const runsEnd = runs + <usize>runCount * 12;
  let run = runs;
  let count: u32 = 0;
  let at = text;
  while (at < end) {
    const start = at;
    let mode: u32 = 0;
    while (at < end) {
      const digit = <u32>load<u8>(at) - 0x30;
      if (digit > 7) break;
      mode = (mode << 3) | digit;
      at++;
    }
    if (at == start || at == end || load<u8>(at) != 0x20) break;
    while (at < end && load<u8>(at) != 0) at++;
    const id = at + 1;
    at = id + idBytes;
    if (at > end) break;
    const place = <u32>(start - text);
    while (run < runsEnd && load<u32>(run, 4) + load<u32>(run, 8) <= place) run += 12;
    const isOld =
      run < runsEnd && load<u32>(run, 4) <= place && <u32>(at - text) <= load<u32>(run, 4) + load<u32>(run, 8);
    if (isOld || (mode & 0o170000) == SUBMODULE) continue;
    memory.copy(out + <usize>(count * idBytes), id, idBytes);
    count++;
  }
  return count;
}
