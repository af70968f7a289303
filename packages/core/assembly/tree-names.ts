/** Numbers for the names of entries, each kept once. How names are spread depends on words that the caller draws. */

/** Called when there is no more room: the caller makes more, and tells with `setNames`. */
declare function growNames(): void;

let slots: usize = 0;
let mask: u32 = 0;
/** By name: its hash, and where it begins; it ends where the next begins. */
let hashes: usize = 0;
let starts: usize = 0;
let pool: usize = 0;
let poolSize: u32 = 0;
let seed: u32 = 0;
let factor: u32 = 0;
let count: u32 = 0;
/** Three words that the caller reads: names, bytes of them, and the length of the name that did not fit. */
let counts: usize = 0;

/** `slotCount`: a power of two; there is room for half as many names. What was there before has been copied. */
export function setNames(
  slotsAt: usize,
  slotCount: u32,
  hashesAt: usize,
  startsAt: usize,
  poolAt: usize,
  poolBytes: u32,
  countsAt: usize,
): void {
  slots = slotsAt;
  mask = slotCount - 1;
  hashes = hashesAt;
  starts = startsAt;
  pool = poolAt;
  poolSize = poolBytes;
  counts = countsAt;
  count = load<u32>(counts);
  memory.fill(slots, 0xff, (<usize>slotCount) << 2);
  for (let name: u32 = 0; name < count; name++) place(name, load<u32>(hashes + <usize>(name << 2)));
}

export function seedNames(first: u32, second: u32): void {
  seed = first;
  factor = second | 1;
}

function place(name: u32, hash: u32): void {
  let slot = hash & mask;
  while (load<i32>(slots + <usize>(slot << 2)) >= 0) slot = (slot + 1) & mask;
  store<u32>(slots + <usize>(slot << 2), name);
}

/** The name in [from, end). */
export function nameOf(from: usize, end: usize): u32 {
  let hash = seed;
  for (let at = from; at < end; at++) {
    hash = (hash ^ load<u8>(at)) * factor;
    hash ^= hash >>> 13;
  }
  const length = <u32>(end - from);
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const name = load<i32>(slots + <usize>(slot << 2));
    if (name < 0) break;
    if (load<u32>(hashes + <usize>(name << 2)) == hash && isAt(name, from, length)) return name;
  }
  const begin = load<u32>(starts + <usize>(count << 2));
  if ((count + 1) * 2 > mask || begin + length > poolSize) {
    store<u32>(counts, length, 8);
    growNames();
  }
  memory.copy(pool + begin, from, length);
  store<u32>(hashes + <usize>(count << 2), hash);
  place(count, hash);
  count++;
  store<u32>(starts + <usize>(count << 2), begin + length);
  store<u32>(counts, count);
  store<u32>(counts, begin + length, 4);
  return count - 1;
}

function isAt(name: u32, from: usize, length: u32): bool {
  const begin = load<u32>(starts + <usize>(name << 2));
  if (load<u32>(starts + <usize>(name << 2), 4) - begin != length) return false;
  const at = pool + begin;
  for (let byte: u32 = 0; byte < length; byte++) if (load<u8>(at + byte) != load<u8>(from + byte)) return false;
  return true;
}
