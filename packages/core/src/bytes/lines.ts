/**
 * Lines and columns of byte offsets: a line is 1 + the number of line feeds before the offset, a column 1 + the number
 * of bytes since the last one. Offsets asked for in ascending order cost one pass over the text.
 */

export interface Place {
  readonly line: number;
  readonly column: number;
}

export class LineCursor {
  readonly #bytes: Uint8Array;
  #line = 1;
  #lineStart = 0;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  at(offset: number): Place {
    if (offset < this.#offset) {
      this.#line = 1;
      this.#lineStart = 0;
      this.#offset = 0;
    }
    for (let i = this.#bytes.indexOf(0x0a, this.#offset); i >= 0 && i < offset; i = this.#bytes.indexOf(0x0a, i + 1)) {
      this.#line++;
      this.#lineStart = i + 1;
    }
    this.#offset = offset;
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }
}
