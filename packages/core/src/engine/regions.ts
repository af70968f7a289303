/** Decoding the regions that the kernel found in a text: base64, hex, escapes and UTF-16. */
import { linearMemory } from '../bytes/linear-memory.ts';
import type { Span } from '../types/index.ts';
import { BASE64, engineKernel, ESCAPES, HEX, MAX_REGION, NOT_LOCAL, NO_ROOM, ROOM } from './kernel.ts';
import type { Base, Placed } from './occurrence-scan.ts';

/** How often a decoded text may be decoded again. */
export const DEFAULT_DECODE_DEPTH = 3;

/** A region of a text, with places of the text. */
export interface Region {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
  /** All bytes that decided on it; before 0 and behind the length: the end of the text was seen. */
  readonly extent: Span;
  /** Its extent lies in bytes copied from the base, and it had a result there, at its start plus this; undefined: look again. */
  readonly shift: number | undefined;
  /** Of base64: pairs of start and end. */
  readonly lines: Int32Array;
}

/** A region's bytes, in a block of linear memory that the caller frees. */
export interface Decoded extends Placed {
  readonly size: number;
  readonly decoder: string;
  readonly limited: boolean;
}

/** What the text's regions are when nothing is known of a base, and what its own derivatives need. */
export interface RegionBase {
  /** Regions with a result, as laid out for the kernel: HOT_WORDS each, by start. */
  readonly hot: number;
  readonly hotCount: number;
  readonly hasNul: boolean;
  readonly dependsOnWhole: boolean;
}

const NO_BASE: RegionBase = { hot: 0, hotCount: 0, hasNul: false, dependsOnWhole: false };
const HEADER_WORDS = 8;
const FIRST_CAPACITY = 4096;

export class RegionScan {
  #capacity = FIRST_CAPACITY;
  #out = 0;
  /** Of the text that was searched last. */
  hasNul = false;
  dependsOnWhole = false;

  /** Regions by start, then kind; the text must stay where it is. `base` and `known` go together. */
  find(text: Placed, base: Base | undefined, known: RegionBase | undefined): readonly Region[] {
    const count = this.#find(text, base, known ?? NO_BASE);
    if (count === 0) return NO_REGIONS;
    const { words } = linearMemory();
    const regions: Region[] = [];
    const first = this.#out >> 2;
    for (let at = first; at < first + count;) {
      const header = words.subarray(at, at + HEADER_WORDS);
      const [kind = 0, start = 0, end = 0, from = 0, to = 0, isKnown = 0, shift = 0, lines = 0] = header;
      at += HEADER_WORDS;
      regions.push({
        kind,
        start,
        end,
        extent: { start: from, end: to },
        shift: isKnown === 1 ? shift : undefined,
        lines: lines === 0 ? NO_LINES : words.slice(at, at + 2 * lines),
      });
      at += 2 * lines;
    }
    return regions.length === 1 ? regions : regions.sort((a, b) => a.start - b.start || a.kind - b.kind);
  }

  #allocate(): void {
    const capacity = this.#capacity;
    // Should there not be so much, the next text begins small.
    this.#capacity = FIRST_CAPACITY;
    this.#out = linearMemory().allocate(capacity * 4);
    this.#capacity = capacity;
  }

  #find(text: Placed, base: Base | undefined, known: RegionBase): number {
    const kernel = engineKernel();
    const memory = linearMemory();
    let from = known.dependsOnWhole ? undefined : base;
    for (;;) {
      if (this.#out === 0) this.#allocate();
      const count = kernel.findRegions(
        text.pointer,
        text.length,
        from?.length ?? 0,
        from?.runs ?? 0,
        from?.runCount ?? 0,
        known.hot,
        from === undefined ? 0 : known.hotCount,
        known.hasNul ? 1 : 0,
        this.#out,
        this.#capacity,
      );
      if (count === NOT_LOCAL) {
        from = undefined;
      } else if (count === NO_ROOM) {
        memory.free(this.#out, this.#capacity * 4);
        this.#capacity *= 2;
        this.#out = 0;
      } else {
        this.hasNul = kernel.sawNul() !== 0;
        this.dependsOnWhole = kernel.dependsOnWhole() !== 0;
        return count;
      }
    }
  }
}

const NO_REGIONS: readonly Region[] = [];
const NO_LINES = new Int32Array(0);

const ESCAPE_NAMES: readonly string[] = ['', 'percent', 'unicode', '', 'html'];

export function decode(text: Placed, region: Region): Decoded {
  const kernel = engineKernel();
  const memory = linearMemory();
  const { kind, start, end, lines } = region;
  const size = end - start + ROOM;
  const pointer = memory.allocate(size);
  const from = text.pointer + start;
  const to = text.pointer + end;
  if (kind === BASE64) {
    const linesAt = memory.allocate(lines.length * 4);
    memory.words.set(lines, linesAt >> 2);
    const length = kernel.decodeBase64(text.pointer, linesAt, lines.length / 2, pointer);
    memory.free(linesAt, lines.length * 4);
    return { pointer, length, size, decoder: 'base64', limited: digitsOf(lines) > MAX_REGION };
  }
  if (kind === HEX) {
    const length = kernel.decodeHex(from, to, pointer);
    return { pointer, length, size, decoder: 'hex', limited: end - start > MAX_REGION };
  }
  if (kind === ESCAPES) {
    const length = kernel.decodeEscapes(text.pointer, start, end, pointer, 0);
    const decoder = ESCAPE_NAMES[kernel.escapeKinds()] ?? '';
    return { pointer, length, size, decoder: decoder === '' ? 'escapes' : decoder, limited: end - start >= MAX_REGION };
  }
  return { pointer, length: kernel.decodeUtf16(from, to, pointer), size, decoder: 'utf-16', limited: false };
}

function digitsOf(lines: Int32Array): number {
  let digits = 0;
  for (let i = 0; i + 1 < lines.length; i += 2) digits += (lines[i + 1] as number) - (lines[i] as number);
  return digits;
}

/** From spans of a region's bytes to the spans that encode them, counted from the region's start. */
export function mapOf(text: Placed, region: Region): (span: Span) => Span {
  const { kind, start, end, lines } = region;
  if (kind === BASE64) return base64Map(Int32Array.from(lines, (place) => place - start));
  if (kind === HEX) return (span) => ({ start: span.start * 2, end: span.end * 2 });
  if (kind === ESCAPES) return escapesMap(text, start, end);
  return (span) => ({ start: 2 * span.start, end: Math.min(end - start, 2 * span.end) });
}

function base64Map(lines: Int32Array): (span: Span) => Span {
  const width = (lines[1] ?? 0) - (lines[0] ?? 0);
  const last = lines.length / 2 - 1;
  const at = (digit: number): number => {
    const line = Math.min(Math.floor(digit / width), last);
    return Math.min((lines[2 * line] ?? 0) + digit - line * width, lines[2 * line + 1] ?? 0);
  };
  return (span) => ({
    start: at(Math.floor(span.start / 3) * 4),
    end: at(Math.ceil((span.end * 4) / 3) - 1) + 1,
  });
}

function escapesMap(text: Placed, start: number, end: number): (span: Span) => Span {
  const memory = linearMemory();
  const size = end - start + ROOM;
  const scratch = memory.allocate(size);
  const originsAt = memory.allocate((end - start + 1) * 4);
  const length = engineKernel().decodeEscapes(text.pointer, start, end, scratch, originsAt);
  const origins = memory.words.slice(originsAt >> 2, (originsAt >> 2) + length + 1).map((place) => place - start);
  memory.free(scratch, size);
  memory.free(originsAt, (end - start + 1) * 4);
  return (span) => ({ start: origins[span.start] ?? end - start, end: origins[span.end] ?? end - start });
}
