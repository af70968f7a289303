/**
 * Copies `length` bytes forward, each as if the ones before it were written already: `from` may lie closely before `to`.
 * Up to 31 bytes behind the target are overwritten.
 */
export function copyForward(to: usize, from: usize, length: u32): void {
  const end = to + length;
  const distance = to - from;
  if (distance >= 16) {
    // Most lengths end here, without a branch that cannot be foreseen.
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    if (length <= 32) return;
    to += 32;
    from += 32;
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (to < end);
    return;
  }
  if (distance == 1) {
    const same = i8x16.splat(load<u8>(from));
    do {
      v128.store(to, same);
      to += 16;
    } while (to < end);
    return;
  }
  if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(from));
      to += 8;
      from += 8;
    } while (to < end);
    return;
  }
  do store<u8>(to++, load<u8>(from++));
  while (to < end);
}

/** Copies `length` bytes between places that do not overlap. Up to 31 bytes behind source and target are touched. */
export function copyApart(to: usize, from: usize, length: u32): void {
  if (length > 512) {
    memory.copy(to, from, length);
    return;
  }
  const end = to + length;
  do {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    to += 32;
    from += 32;
  } while (to < end);
}
