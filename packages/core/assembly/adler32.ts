/** Adler-32 (RFC 1950, section 9). */
const MODULUS: u32 = 65521;
/** So many blocks of 16 bytes do not overflow 32 bits before the remainder is taken: zlib's 5,552 bytes. */
const BLOCKS: u32 = 347;

export function adler32(at: usize, size: u32): u32 {
  let low: u32 = 1;
  let high: u32 = 0;
  let blocks = size >> 4;
  const weightsLow = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const weightsHigh = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (blocks > 0) {
    const round = min(blocks, BLOCKS);
    blocks -= round;
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    for (let i: u32 = 0; i < round; i++) {
      const bytes = v128.load(at);
      at += 16;
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), weightsLow));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), weightsHigh));
    }
    high = <u32>((<u64>high + <u64>low * 16 * round + <u64>total(before) * 16 + total(weighted)) % MODULUS);
    low = (low + total(sums)) % MODULUS;
  }
  for (let rest = size & 15; rest > 0; rest--) {
    low += load<u8>(at++);
    high += low;
  }
  return ((high % MODULUS) << 16) | (low % MODULUS);
}

function total(v: v128): u32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
