/**
 * Inflate (RFC 1951) inside zlib's frame (RFC 1950), one whole stream at a time into a place that has the right size.
 *
 * Codes are looked up in tables of the first 8 to 11 bits, longer ones through a second table. An entry of four bytes
 * says what to do and how many bits to take: literal, length or distance with its extra bits, end of block, or where the
 * second table begins. A shift looks at the low six bits of its count alone, so an entry is one as it stands. Bits are
 * held in 64 bits and filled eight bytes at a time; the caller leaves room behind input and output so that neither filling
 * nor copying has to look where it ends.
 */
import { adler32 } from './adler32';
import { copyForward } from './copy';

export const CORRUPT: i32 = -1;
export const CUT_OFF: i32 = -2;
export const WRONG_SIZE: i32 = -3;
export const WRONG_CHECKSUM: i32 = -4;

const MAX_BITS: i32 = 15;
const LITERAL_BITS: i32 = 11;
const DISTANCE_BITS: i32 = 8;

/**
 * Bits of an entry: 0 to 5 how many to take, extra bits included; 8 to 11 how many the code has (of a second table: how
 * many it is looked up by); 16 to 30 the value: a literal, the least length or distance, where the second table begins.
 */
const LITERAL: u32 = 0x80000000;
/** Neither literal nor length nor distance: a second table, the end, or no code. */
const OTHER: u32 = 0x8000;
const SECOND: u32 = 0x4000 | OTHER;
const END: u32 = 0x2000 | OTHER;
const BAD: u32 = OTHER;

/** Second tables of the literal code: at most 288 codes under 11 bits need 2,342 entries in all, of distances 402. */
const literalTable: usize = memory.data(2400 * 4, 16);
const distanceTable: usize = memory.data(420 * 4, 16);
const fixedLiteralTable: usize = memory.data(600 * 4, 16);
const fixedDistanceTable: usize = memory.data(40 * 4, 16);
const codeTable: usize = memory.data(128 * 4, 16);
const lengths: usize = memory.data(352, 16);
const sorted: usize = memory.data(320 * 2, 16);
/** How many codes have each length: of literals and lengths, and of distances. */
const counts: usize = memory.data(16 * 4, 16);
const distanceCounts: usize = memory.data(16 * 4, 16);
/** Symbols that have a code: most have none. */
const present: usize = memory.data(352 * 2, 16);
const firsts: usize = memory.data(17 * 4, 16);

const lengthBase: StaticArray<u16> = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthExtra: StaticArray<u8> = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const distanceBase: StaticArray<u16> = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const distanceExtra: StaticArray<u8> = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** Order in which the lengths of the code of lengths are written. */
const codeOrder: StaticArray<u8> = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** What a symbol means: entries without the bits to take. */
const ALPHABET_LITERALS: i32 = 0;
const ALPHABET_DISTANCES: i32 = 1;
const ALPHABET_CODES: i32 = 2;

/** Bits that a table was built with; 0 when its code is not valid. */
let fixedLiteralBits: i32 = 0;
let fixedDistanceBits: i32 = 0;

/** The stream: next byte to fill from, and bits held. */
let input: usize = 0;
let held: u64 = 0;
let count: u32 = 0;

/**
 * One stream of at most `available` bytes at `from` into exactly `size` bytes at `to`. There must be 16 bytes to read
 * behind the input and 64 to write behind the output. Gives the bytes of input used, or one of the codes above.
 */
export function inflate(from: usize, available: u32, to: usize, size: u32): i32 {
  if (available < 8) return CUT_OFF;
  const head = ((<u32>load<u8>(from)) << 8) | <u32>load<u8>(from, 1);
  if ((head & 0x0f00) != 0x0800 || (head & 0x20) != 0 || head % 31 != 0) return CORRUPT;
  const end = from + available;
  input = from + 2;
  held = 0;
  count = 0;
  const out = inflateBlocks(end, to, to + size);
  const used = input - <usize>(count >> 3);
  // Behind the end of the input come bits that mean nothing: a code that was looked up near it may not be one.
  if (<isize>out < 0) return used + 8 > end ? CUT_OFF : <i32>out;
  if (used + 4 > end) return CUT_OFF;
  if (out != to + size) return WRONG_SIZE;
  if (bswap<u32>(load<u32>(used)) != adler32(to, size)) return WRONG_CHECKSUM;
  return <i32>(used + 4 - from);
}

/** Where the output ends, or a code. */
function inflateBlocks(end: usize, to: usize, outEnd: usize): usize {
  let out = to;
  while (true) {
    refill(end);
    if (input - <usize>(count >> 3) > end) return <usize>CUT_OFF;
    const last = <u32>held & 1;
    const kind = (<u32>held >> 1) & 3;
    take(3);
    if (kind == 0) {
      out = stored(end, out, outEnd);
    } else if (kind == 1) {
      if (fixedLiteralBits == 0) buildFixed();
      out = symbols(end, to, out, outEnd, fixedLiteralTable, fixedLiteralBits, fixedDistanceTable, fixedDistanceBits);
    } else if (kind == 2) {
      out = dynamic(end, to, out, outEnd);
    } else {
      return <usize>CORRUPT;
    }
    if (<isize>out < 0 || last != 0) return out;
  }
}

/** Brings at least 56 bits in. Behind the end come zeros that count as taken: whoever takes them is found out later. */
function refill(end: usize): void {
  if (input <= end) held |= load<u64>(input) << (<u64>count);
  input += (63 - count) >> 3;
  count |= 56;
}

function take(bits: u32): void {
  held >>= <u64>bits;
  count -= bits;
}

function stored(end: usize, out: usize, outEnd: usize): usize {
  take(count & 7);
  const at = input - <usize>(count >> 3);
  if (at + 4 > end) return <usize>CUT_OFF;
  const length = <u32>load<u16>(at);
  if (<u32>load<u16>(at, 2) != (length ^ 0xffff)) return <usize>CORRUPT;
  if (at + 4 + length > end) return <usize>CUT_OFF;
  if (<usize>length > outEnd - out) return <usize>WRONG_SIZE;
  memory.copy(out, at + 4, length);
  input = at + 4 + length;
  held = 0;
  count = 0;
  return out + length;
}

function buildFixed(): void {
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  fixedLiteralBits = build(fixedLiteralTable, lengths, counts, present, list(288), 9, ALPHABET_LITERALS);
  memory.fill(lengths, 5, 32);
  fixedDistanceBits = build(fixedDistanceTable, lengths, counts, present, list(32), 5, ALPHABET_DISTANCES);
}

/** Lists those of the first symbols that have a length, and counts the lengths; gives how many. */
function list(symbols: u32): u32 {
  memory.fill(counts, 0, 64);
  let n: u32 = 0;
  for (let s: u32 = 0; s < symbols; s++) {
    const length = <usize>load<u8>(lengths + s);
    if (length == 0) continue;
    const at = counts + (length << 2);
    store<u32>(at, load<u32>(at) + 1);
    store<u16>(present + <usize>(n << 1), <u16>s);
    n++;
  }
  return n;
}

function dynamic(end: usize, to: usize, out: usize, outEnd: usize): usize {
  const literals = (<u32>held & 31) + 257;
  const distances = ((<u32>held >> 5) & 31) + 1;
  const codes = ((<u32>held >> 10) & 15) + 4;
  take(14);
  if (literals > 286 || distances > 30) return <usize>CORRUPT;
  refill(end);
  memory.fill(lengths, 0, 19);
  for (let i: u32 = 0; i < codes; i++) {
    if (i == 14) refill(end);
    store<u8>(lengths + <usize>unchecked(codeOrder[i]), <u8>(<u32>held & 7));
    take(3);
  }
  if (build(codeTable, lengths, counts, present, list(19), 7, ALPHABET_CODES) == 0) return <usize>CORRUPT;

  const total = literals + distances;
  memory.fill(counts, 0, 64);
  memory.fill(distanceCounts, 0, 64);
  let bits = held;
  let n = count;
  let next = input;
  let listed: u32 = 0;
  let listedLiterals: u32 = 0;
  let length: u32 = 0;
  let i: u32 = 0;
  while (i < total) {
    // Two of these codes and their extra bits take at most 28.
    if (n < 32) {
      if (next <= end) bits |= load<u64>(next) << (<u64>n);
      next += (63 - n) >> 3;
      n |= 56;
    }
    const entry = load<u32>(codeTable + <usize>((<u32>bits & 127) << 2));
    if (entry == BAD) return failure(CORRUPT, next, n);
    bits >>= <u64>entry;
    n -= entry & 63;
    const symbol = entry >> 16;
    let repeat: u32 = 1;
    if (symbol < 16) {
      length = symbol;
    } else if (symbol == 16) {
      if (i == 0) return failure(CORRUPT, next, n);
      repeat = 3 + (<u32>bits & 3);
      bits >>= 2;
      n -= 2;
    } else if (symbol == 17) {
      length = 0;
      repeat = 3 + (<u32>bits & 7);
      bits >>= 3;
      n -= 3;
    } else {
      length = 0;
      repeat = 11 + (<u32>bits & 127);
      bits >>= 7;
      n -= 7;
    }
    if (i + repeat > total) return failure(CORRUPT, next, n);
    if (length == 0) {
      // Lengths are cleared where a code has none, since it may have been another one's.
      if (i <= 256 && i + repeat > 256) store<u8>(lengths, 0, 256);
      i += repeat;
      continue;
    }
    for (; repeat > 0; repeat--, i++) {
      store<u8>(lengths + i, <u8>length);
      store<u16>(present + <usize>(listed << 1), <u16>i);
      listed++;
      const isLiteral = i < literals;
      if (isLiteral) listedLiterals = listed;
      const at = (isLiteral ? counts : distanceCounts) + ((<usize>length) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
  held = bits;
  count = n;
  input = next;
  // Without a code for the end of the block, no block ends.
  if (load<u8>(lengths, 256) == 0) return <usize>CORRUPT;
  // What is short is decoded sooner than a large table is filled.
  const small = outEnd - out < 1536;
  const distanceBits = build(
    distanceTable,
    lengths + literals,
    distanceCounts,
    present + ((<usize>listedLiterals) << 1),
    listed - listedLiterals,
    small ? 6 : DISTANCE_BITS,
    ALPHABET_DISTANCES,
    literals,
  );
  const literalBits = build(
    literalTable,
    lengths,
    counts,
    present,
    listedLiterals,
    small ? 9 : LITERAL_BITS,
    ALPHABET_LITERALS,
  );
  if (literalBits == 0 || distanceBits == 0) return <usize>CORRUPT;
  return symbols(end, to, out, outEnd, literalTable, literalBits, distanceTable, distanceBits);
}

/** One block of literals and copies; where the output ends, or a code. */
function symbols(
  end: usize,
  to: usize,
  start: usize,
  outEnd: usize,
  literalAt: usize,
  literalBits: i32,
  distanceAt: usize,
  distanceBits: i32,
): usize {
  const literalMask = (1 << literalBits) - 1;
  const distanceMask = (1 << distanceBits) - 1;
  let out = start;
  let bits = held;
  let n = count;
  let next = input;
  // Literals are bounded here, at most three for one look.
  while (out <= outEnd) {
    if (next <= end) bits |= load<u64>(next) << (<u64>n);
    next += (63 - n) >> 3;
    n |= 56;
    let entry = load<u32>(literalAt + <usize>((<u32>bits & literalMask) << 2));
    // Up to three literals of the first table for one filling.
    if (<i32>entry < 0) {
      bits >>= <u64>entry;
      n -= entry & 63;
      store<u8>(out++, <u8>(entry >> 16));
      entry = load<u32>(literalAt + <usize>((<u32>bits & literalMask) << 2));
      if (<i32>entry < 0) {
        bits >>= <u64>entry;
        n -= entry & 63;
        store<u8>(out++, <u8>(entry >> 16));
        entry = load<u32>(literalAt + <usize>((<u32>bits & literalMask) << 2));
        if (<i32>entry < 0) {
          bits >>= <u64>entry;
          n -= entry & 63;
          store<u8>(out++, <u8>(entry >> 16));
          continue;
        }
      }
    }
    if ((entry & OTHER) != 0) {
      if ((entry & SECOND) == SECOND) {
        const second = <u32>(bits >> <u64>literalBits) & ((1 << ((entry >> 8) & 15)) - 1);
        entry = load<u32>(literalAt + <usize>(((entry >> 16) + second) << 2));
        if (<i32>entry < 0) {
          bits >>= <u64>entry;
          n -= entry & 63;
          store<u8>(out++, <u8>(entry >> 16));
          continue;
        }
      }
      if ((entry & OTHER) != 0) {
        if (entry == BAD) return failure(CORRUPT, next, n);
        if (out > outEnd) return failure(WRONG_SIZE, next, n);
        held = bits >> <u64>entry;
        count = n - (entry & 63);
        input = next;
        return out;
      }
    }
    const length = (entry >> 16) + extraOf(bits, entry);
    bits >>= <u64>entry;
    n -= entry & 63;

    // 56 bits less three literals leave 23, and a length takes at most 20; a distance may need 28.
    if (n < 32) {
      if (next <= end) bits |= load<u64>(next) << (<u64>n);
      next += (63 - n) >> 3;
      n |= 56;
    }
    entry = load<u32>(distanceAt + <usize>((<u32>bits & distanceMask) << 2));
    if ((entry & OTHER) != 0) {
      if (entry == BAD) return failure(CORRUPT, next, n);
      const second = <u32>(bits >> <u64>distanceBits) & ((1 << ((entry >> 8) & 15)) - 1);
      entry = load<u32>(distanceAt + <usize>(((entry >> 16) + second) << 2));
      if (entry == BAD) return failure(CORRUPT, next, n);
    }
    const distance = <usize>((entry >> 16) + extraOf(bits, entry));
    bits >>= <u64>entry;
    n -= entry & 63;

    if (distance > out - to) return failure(CORRUPT, next, n);
    if (out + length > outEnd) return failure(WRONG_SIZE, next, n);
    copyForward(out, out - distance, length);
    out += length;
  }
  return failure(WRONG_SIZE, next, n);
}

/** What is wrong, and where. */
function failure(code: i32, next: usize, n: u32): usize {
  input = next;
  count = n;
  return <usize>code;
}

/** The value of the extra bits of a length or distance. */
function extraOf(bits: u64, entry: u32): u32 {
  return (<u32>bits & ((1 << (entry & 63)) - 1)) >> ((entry >> 8) & 15);
}

/**
 * The table of a canonical code, with `wanted` bits or fewer: from the `listed` symbols that have one (`base` is taken off
 * them), their lengths, and how many there are of each length. Gives its bits, or 0 for lengths that are no code: too
 * many for their bits, or too few, unless there is just one of one bit.
 */
function build(
  table: usize,
  lengthsAt: usize,
  countsAt: usize,
  symbolsAt: usize,
  listed: u32,
  wanted: i32,
  alphabet: i32,
  base: u32 = 0,
): i32 {
  let longest = MAX_BITS;
  while (longest > 0 && load<u32>(countsAt + ((<usize>longest) << 2)) == 0) longest--;
  let left: i32 = 1;
  let first: u32 = 0;
  for (let length = 1; length <= longest; length++) {
    const n = load<u32>(countsAt + ((<usize>length) << 2));
    left = (left << 1) - <i32>n;
    if (left < 0) return 0;
    store<u32>(firsts + ((<usize>length) << 2), first);
    first += n;
  }
  if (left > 0 && (alphabet == ALPHABET_CODES || longest > 1)) return 0;
  const end = symbolsAt + ((<usize>listed) << 1);
  for (let from = symbolsAt; from < end; from += 2) {
    const symbol = <u32>load<u16>(from) - base;
    const at = firsts + ((<usize>load<u8>(lengthsAt + symbol)) << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u16>(sorted + ((<usize>place) << 1), <u16>symbol);
  }

  const bits = alphabet == ALPHABET_CODES ? 7 : max(1, min(wanted, longest));
  if (longest <= 1) {
    for (let i = 0; i < 1 << bits; i++) store<u32>(table + ((<usize>i) << 2), BAD);
    if (longest == 0) return bits;
    const entry = entryOf(load<u16>(sorted), 1, alphabet);
    const other = load<u32>(countsAt + 4) == 2 ? entryOf(load<u16>(sorted, 2), 1, alphabet) : BAD;
    for (let i = 0; i < 1 << bits; i += 2) {
      store<u32>(table + ((<usize>i) << 2), entry);
      store<u32>(table + ((<usize>i) << 2), other, 4);
    }
    return bits;
  }
  fill(table, countsAt, bits, longest, alphabet);
  return bits;
}

/** Fills a table and its second tables with a complete code of `sorted` symbols, so many of each length. */
function fill(table: usize, countsAt: usize, bits: i32, longest: i32, alphabet: i32): void {
  let symbol: usize = sorted;
  /** The next code, its bits in the order in which they come. */
  let code: u32 = 0;
  let size: u32 = 1;
  for (let length = 1; length <= bits; length++) {
    // A code of one bit less is written twice: with either bit behind it.
    memory.copy(table + <usize>(size << 2), table, size << 2);
    size <<= 1;
    for (let n = load<u32>(countsAt + ((<usize>length) << 2)); n > 0; n--) {
      store<u32>(table + ((<usize>code) << 2), entryOf(load<u16>(symbol), length, alphabet));
      symbol += 2;
      code = following(code, size);
    }
  }
  if (longest == bits) return;

  const mask = size - 1;
  let second: u32 = size;
  let secondBits: i32 = 0;
  let prefix: u32 = 0xffffffff;
  for (let length = bits + 1; length <= longest; length++) {
    for (let n = load<u32>(countsAt + ((<usize>length) << 2)); n > 0; n--) {
      if ((code & mask) != prefix) {
        if (prefix != 0xffffffff) second += 1 << secondBits;
        prefix = code & mask;
        // As many bits as the codes with this prefix need: they fill it when they are complete.
        secondBits = length - bits;
        let room: i32 = 1 << secondBits;
        let taken: i32 = <i32>n;
        while (taken < room && bits + secondBits < longest) {
          secondBits++;
          room = 1 << secondBits;
          taken = (taken << 1) + <i32>load<u32>(countsAt + ((<usize>(bits + secondBits)) << 2));
        }
        store<u32>(table + ((<usize>prefix) << 2), SECOND | (secondBits << 8) | (second << 16));
      }
      const entry = entryOf(load<u16>(symbol), length, alphabet);
      symbol += 2;
      for (let at = code >> bits; at < <u32>(1 << secondBits); at += 1 << (length - bits))
        store<u32>(table + ((<usize>(second + at)) << 2), entry);
      code = following(code, 1 << length);
    }
  }
}

/** The next code of as many bits as `size` has, written backwards; of the last one, 0. */
function following(code: u32, size: u32): u32 {
  const free = code ^ (size - 1);
  if (free == 0) return 0;
  const bit: u32 = 1 << (31 - clz(free));
  return (code & (bit - 1)) | bit;
}

function entryOf(symbol: u32, length: u32, alphabet: i32): u32 {
  if (alphabet == ALPHABET_CODES) return (symbol << 16) | length;
  if (alphabet == ALPHABET_DISTANCES) {
    if (symbol >= 30) return BAD;
    return baseEntry(unchecked(distanceBase[symbol]), length, unchecked(distanceExtra[symbol]));
  }
  if (symbol < 256) return LITERAL | (symbol << 16) | length;
  if (symbol == 256) return END | length;
  if (symbol >= 286) return BAD;
  return baseEntry(unchecked(lengthBase[symbol - 257]), length, unchecked(lengthExtra[symbol - 257]));
}

function baseEntry(value: u32, length: u32, extra: u32): u32 {
  return (value << 16) | (length << 8) | (length + extra);
}
