/**
 * Whether what is new in a text can have to do with an encoded region at all. At most inserts and seams it cannot: no run
 * of an alphabet and no escape is near. Thirty-two bytes before and behind show that, or it is left open.
 */
import { isEscape, stopBits } from './escapes';

/** What may be near, as bits. */
export const MAYBE_BASE64: i32 = 1;
export const MAYBE_ESCAPES: i32 = 2;

/** Bytes looked at before and behind: more than a run that is too short to count. */
const VIEW: i32 = 32;

/**
 * What a byte is, by its low half and by its high one: what both of them say. Bits 0 to 4: of an alphabet; 5 to 7: `%`
 * or `&`, `\\`, and NUL, which begin what may be decoded otherwise. From memory, since the compiler would make each
 * constant anew wherever it is used.
 */
const lowHalves: usize = memory.data<u8>(
  [0x85, 0x07, 0x07, 0x07, 0x07, 0x27, 0x27, 0x07, 0x07, 0x07, 0x06, 0x0a, 0x42, 0x0a, 0x02, 0x1a],
  16,
);
const highHalves: usize = memory.data<u8>([0x80, 0, 0x28, 0x01, 0x02, 0x54, 0x02, 0x04, 0, 0, 0, 0, 0, 0, 0, 0], 16);
/** Added to what a byte is, these set the highest bit: for all that are anything, and for those of bits 5 to 7. */
const toAny: usize = memory.data<u64>([0x7f7f7f7f7f7f7f7f, 0x7f7f7f7f7f7f7f7f], 16);
const toStarter: usize = memory.data<u64>([0x6060606060606060, 0x6060606060606060], 16);
const halves: usize = memory.data<u64>([0x0f0f0f0f0f0f0f0f, 0x0f0f0f0f0f0f0f0f], 16);

/**
 * Which regions may depend on the bytes in `[from, to)` of the text at `text`, or on what meets there; also those of
 * nothing but a NUL count as escapes. 32 bytes before the text and 64 behind it are read: whatever they are, no kind is
 * missing from the answer for it.
 */
export function regionsNear(text: usize, length: i32, from: i32, to: i32): i32 {
  const low = v128.load(lowHalves);
  const high = v128.load(highHalves);
  const half = v128.load(halves);
  const any = v128.load(toAny);
  const starter = v128.load(toStarter);
  let near = stopBits32(text + from - VIEW) == 0 || stopBits32(text + to) == 0 ? MAYBE_ESCAPES : 0;
  /** Of 64 bytes, those of an alphabet. */
  let pair: u64 = 0;
  let at = from - VIEW;
  do {
    const first = v128.load(text + at);
    const second = v128.load(text + at, 16);
    const is = v128.and(
      i8x16.swizzle(low, v128.and(first, half)),
      i8x16.swizzle(high, v128.and(i16x8.shr_u(first, 4), half)),
    );
    const are = v128.and(
      i8x16.swizzle(low, v128.and(second, half)),
      i8x16.swizzle(high, v128.and(i16x8.shr_u(second, 4), half)),
    );
    const starters = pairOfBits(i8x16.add_sat_u(is, starter), i8x16.add_sat_u(are, starter));
    if (starters != 0 && hasStart(text, length, at, starters)) near |= MAYBE_ESCAPES;
    const digits = pairOfBits(i8x16.add_sat_u(is, any), i8x16.add_sat_u(are, any)) & ~starters;
    pair = (pair >> 32) | ((<u64>digits) << 32);
    if (at < from) {
      if (!endsLeft(digits)) near |= MAYBE_BASE64;
    } else if (hasRun(pair)) near |= MAYBE_BASE64;
    at += VIEW;
  } while (at < to + VIEW);
  if (!endsRight(text + to, <u32>(pair >> (64 - (at - to))))) near |= MAYBE_BASE64;
  return near;
}

function pairOfBits(first: v128, second: v128): u32 {
  return i8x16.bitmask(first) | (i8x16.bitmask(second) << 16);
}

/** Whether so many bits in a row are set as digits make a run of base64 or hex: 24. */
function hasRun(bits: u64): bool {
  let eight = bits & (bits >> 1);
  eight &= eight >> 2;
  eight &= eight >> 4;
  return (eight & (eight >> 8) & (eight >> 16)) != 0;
}

/** Whether a run that ends here, and one before it that may be the line above, begin in view: the last bit is the nearest. */
function endsLeft(bits: u32): bool {
  const own = <i32>clz(~bits);
  if (own == VIEW) return false;
  bits <<= own;
  const gap = <i32>clz(bits);
  if (gap == VIEW) return false;
  return own + gap + <i32>clz(~(bits << gap)) < VIEW;
}

/** The same for a run that begins here, perhaps on the next line, and one on the line below it. */
function endsRight(at: usize, bits: u32): bool {
  if (bits == 0) return false;
  const gap = <i32>ctz(bits);
  bits >>= gap;
  const own = <i32>ctz(~bits);
  const seen = gap + own;
  if (seen >= VIEW) return false;
  const next = load<u8>(at + seen);
  if (next != 0x0a && next != 0x0d) return true;
  bits >>= own;
  if (bits == 0) return false;
  const below = <i32>ctz(bits);
  return seen + below + <i32>ctz(~(bits >> below)) < VIEW;
}

function stopBits32(at: usize): u32 {
  return stopBits(at) | (stopBits(at + 16) << 16);
}

/** Whether an escape or a NUL stands at one of the places that are marked. */
function hasStart(text: usize, length: i32, at: i32, marks: u32): bool {
  for (; marks != 0; marks &= marks - 1) {
    const place = at + <i32>ctz(marks);
    if (place >= 0 && place < length && (load<u8>(text + place) == 0 || isEscape(text, place, length))) return true;
  }
  return false;
}
