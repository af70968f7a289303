/**
 * Where the tables lie that JavaScript makes of the rules (engine/tables.ts has the same layout). All of them are
 * addresses in the memory of this thread.
 */

/** Bits by hash of a window of four bytes, and of three: whether some fragment may have it. */
export let slots4: usize = 0;
export let slots3: usize = 0;
/** Open addressing, 8 bytes each: window, number of its bucket (-1: empty). */
export let windows: usize = 0;
export let windowShift: u32 = 0;
export let windowMask: u32 = 0;
/**
 * Fragments of bucket `b` are numbers `starts[b]` to `starts[b + 1]`. A fragment is 8 bytes: `anchor << 8 | offset in it`,
 * and the anchor's first four bytes, made case-blind; 0 for one of three bytes. The highest bit is set if a rule of the
 * anchor looks further than those of most: it becomes FAR.
 */
export let starts: usize = 0;
export let fragments: usize = 0;
/** ANCHOR_BYTES each. */
export let anchors: usize = 0;
/** ENTRY_BYTES each. */
export let entries: usize = 0;
/** Bytes that the longest anchor needs, and the longest keyword. */
export let longestAnchor: i32 = 0;
export let longestKeyword: i32 = 0;
/** How far the rules of all anchors look that are not FAR, as in words 24 and 28 of an anchor. */
export let nearBack: i32 = 0;
export let nearForward: i32 = 0;
/** Lower case of every byte, ASCII letters only. */
export let fold: usize = 0;

/**
 * An anchor: a keyword, or twelve bytes of a longer one.
 *  0 address of its bytes, folded
 *  4 their number
 *  8 address of 256 flags: bytes that may follow; 0: any, or none
 * 12 bytes that decide whether it is reported: its own, and one more where that is asked what follows
 * 16 first entry
 * 20 behind the last entry
 * 24 how far before its start any rule of it looks, guard byte included
 * 28 how far behind its start
 */
export const ANCHOR_BYTES: usize = 32;

/** An occurrence is 8 bytes: position, and the anchor with this flag if the base or the text itself has a result there. */
export const HOT: u32 = 0x80000000;
/** And with this one if the anchor's rules look further than `nearBack` or `nearForward`, or without bounds. */
export const FAR: u32 = 0x00800000;
/** The bits that are the anchor's number. */
export const ANCHOR: u32 = 0x007fffff;

/**
 * What one rule asks of one keyword.
 *  0 rule
 *  4 how far it looks before the keyword
 *  8 how far behind the keyword's start
 * 12 flags
 * 16 bytes of the keyword
 * 20 offset of the anchor in it
 * 24 address of the whole keyword, folded; 0: the anchor is all of it
 * 28 address of 256 flags: what must directly follow
 * 32 as many of those
 * 36 address of 256 flags: a run that must be in reach
 * 40 of at least so many bytes
 * 44 so many line feeds end what it looks at; 0: they do not matter
 * 48 address of the classes of 256 bytes for what can stand around the keyword, and of rows of states behind them
 * 52 the states to begin with, forward and backward, a byte each; then the number of classes
 * 56 address of the rows that read backward
 */
export const ENTRY_BYTES: usize = 60;
export const STOP_AT_NEXT: u32 = 1;
/** A rule that is run over whole texts: only whether its keyword stands there is asked. */
export const NONLOCAL: u32 = 2;
export const GATE_SHIFT: u32 = 4;

export function configure(at: usize): void {
  slots4 = load<u32>(at);
  slots3 = load<u32>(at, 4);
  windows = load<u32>(at, 8);
  windowShift = 32 - load<u32>(at, 12);
  windowMask = (1 << load<u32>(at, 12)) - 1;
  starts = load<u32>(at, 16);
  fragments = load<u32>(at, 20);
  anchors = load<u32>(at, 24);
  entries = load<u32>(at, 28);
  longestAnchor = load<i32>(at, 32);
  longestKeyword = load<i32>(at, 36);
  fold = load<u32>(at, 40);
  nearBack = load<i32>(at, 52);
  nearForward = load<i32>(at, 56);
}
