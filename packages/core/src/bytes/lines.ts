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

/** How many line feeds there are in `bytes[from, to)`. */
export type CountLines = (bytes: Uint8Array, from: number, to: number) => number;

export class LineCursor {
  /** A Buffer's search takes many bytes at a time. */
  readonly #bytes: Buffer;
  readonly #count: CountLines;
  #line = 1;
  #lineStart = 0;
  #offset = 0;

  constructor(bytes: Uint8Array, count: CountLines) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#count = count;
  }

  at(offset: number): Place {
    if (offset < this.#offset) this.#back(offset);
    else this.#forward(Math.min(offset, this.#bytes.length));
    this.#offset = offset;
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }

  #forward(to: number): void {
    const lines = this.#count(this.#bytes, this.#offset, to);
    if (lines === 0) return;
    this.#line += lines;
    this.#lineStart = this.#bytes.lastIndexOf(LF, to - 1) + 1;
  }

  #back(to: number): void {
    while (this.#lineStart > to) {
      this.#line--;
      const before = this.#lineStart - 2;
      this.#lineStart = before < 0 ? 0 : this.#bytes.lastIndexOf(LF, before) + 1;
    }
  }
}
