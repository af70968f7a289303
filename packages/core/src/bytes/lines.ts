/**
 * Lines and columns of byte offsets: a line is 1 + the number of line feeds before the offset, a column 1 + the number
 * of bytes since the last one. Offsets asked for in about ascending order cost one pass over the text: a step back costs
 * the bytes that it goes back.
 */

export interface Place {
  readonly line: number;
  readonly column: number;
}

const LF = 0x0a;
/** Most lines are shorter than this; a search is dearer than looking at so many bytes. */
const NEAR = 64;

export class LineCursor {
  /** A Buffer's search takes many bytes at a time. */
  readonly #bytes: Buffer;
  #line = 1;
  #lineStart = 0;
  #offset = 0;

  readonly #count: ((from: number, to: number) => number) | undefined;

  /** `count`: the number of line feeds in a part of the text, for those who have a faster way to know it. */
  constructor(bytes: Uint8Array, count?: (from: number, to: number) => number) {
    this.#count = count;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  at(offset: number): Place {
    if (offset < this.#offset) this.#back(offset);
    else this.#forward(Math.min(offset, this.#bytes.length));
    this.#offset = offset;
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }

  #forward(to: number): void {
    const bytes = this.#bytes;
    if (this.#count !== undefined) {
      const feeds = this.#count(this.#offset, to);
      this.#line += feeds;
      if (feeds > 0) this.#lineStart = bytes.lastIndexOf(LF, to - 1) + 1;
      return;
    }
    for (let at = this.#offset; at < to; at++) {
      const near = Math.min(to, at + NEAR);
      while (at < near && bytes[at] !== LF) at++;
      if (at === near) {
        at = near === to ? -1 : bytes.indexOf(LF, near);
        if (at < 0 || at >= to) return;
      }
      this.#line++;
      this.#lineStart = at + 1;
    }
  }

  #back(to: number): void {
    while (this.#lineStart > to) {
      this.#line--;
      const before = this.#lineStart - 2;
      this.#lineStart = before < 0 ? 0 : this.#bytes.lastIndexOf(LF, before) + 1;
    }
  }
}
