import { timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

/**
 * Bytes that no log, template or JSON can print by accident: everything that turns a value into text gives the
 * fingerprint, or `[secret]` where there is none. Copies made by `structuredClone` or a message port hold nothing.
 */
export class Secret {
  readonly #bytes: Uint8Array;
  readonly #label: string;

  /** Copies `bytes`, so that no source buffer is kept alive or shared. */
  constructor(bytes: Uint8Array, fingerprint?: string) {
    this.#bytes = Uint8Array.from(bytes);
    this.#label = fingerprint ?? '[secret]';
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** A copy of the bytes. Lint names the few files that may call this. */
  reveal(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  /** Same bytes; in time that depends on the length alone. */
  equals(other: Secret): boolean {
    return this.#bytes.length === other.#bytes.length && timingSafeEqual(this.#bytes, other.#bytes);
  }

  toString(): string {
    return this.#label;
  }

  toJSON(): string {
    return this.#label;
  }

  [Symbol.toPrimitive](): string {
    return this.#label;
  }

  static {
    // Not a method in brackets: isolated declarations take well-known symbols alone.
    Object.defineProperty(this.prototype, inspect.custom, {
      value(this: Secret): string {
        return this.toString();
      },
    });
  }
}
