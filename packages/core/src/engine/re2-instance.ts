/**
 * RE2 as a WebAssembly module (packages/core/re2, docs/adr/0005), one instance per thread. Its memory is its own: patterns
 * and texts are copied in, spans are read out. The automata of patterns grow with what they meet and are given back
 * with the whole instance alone, so an instance that has grown past MAX_MEMORY is replaced by a new one; patterns are
 * compiled again when they are asked next.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OutOfMemory } from '../bytes/linear-memory.ts';

/** The exports of packages/core/re2/binding.cc. Places are addresses in the module's memory. */
export interface Re2Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  _initialize(): void;
  allocate(size: number): number;
  release(block: number): void;
  compile(pattern: number, length: number, budget: number): number;
  drop(re: number): void;
  said(): number;
  saidLength(): number;
  groupCount(re: number): number;
  groupNames(re: number): void;
  spans(): number;
  search(re: number, text: number, size: number, from: number, last: number, count: number): number;
  tryEach(re: number, text: number, size: number, from: number, last: number, count: number): number;
  test(re: number, text: number, size: number): number;
}

/** What a pattern's program and automata may take together: RE2's own default, and part of what it accepts. */
const PATTERN_BUDGET = 8 << 20;
const MAX_MEMORY = 64 << 20;
/** Room for a text that every instance has from the beginning. */
const SMALL_TEXT = 1 << 16;

let made = 0;

export class Re2Instance {
  readonly exports: Re2Exports;
  /** From 1. A pattern remembers where it is compiled by this, and so keeps no instance that others have outgrown. */
  readonly number: number = ++made;
  #bytes: Uint8Array = new Uint8Array();
  #words: Int32Array = new Int32Array();
  #text: number;
  #capacity: number = SMALL_TEXT;

  constructor() {
    const instance = new WebAssembly.Instance(re2Module(), { wasi_snapshot_preview1: NO_SYSTEM });
    this.exports = instance.exports as Re2Exports;
    this.exports._initialize();
    this.#text = this.#allocate(SMALL_TEXT);
  }

  /** 0 for a pattern that RE2 refuses; `said` tells why. */
  compile(source: string): number {
    const pattern = new TextEncoder().encode(source);
    return this.exports.compile(this.load(pattern), pattern.length, PATTERN_BUDGET);
  }

  /** Where the bytes are until the next `load`. @throws OutOfMemory: this instance must not be asked again */
  load(bytes: Uint8Array): number {
    if (bytes.length > this.#capacity) this.#reserve(bytes.length);
    if (this.#bytes.length === 0) this.#look();
    this.#bytes.set(bytes, this.#text);
    return this.#text;
  }

  /** Start and end of each of `count` groups of the last match, -1 for those that took no part. */
  spans(count: number): Int32Array {
    const at = this.exports.spans() >> 2;
    if (this.#words.length === 0) this.#look();
    return this.#words.slice(at, at + 2 * count);
  }

  said(): string {
    const at = this.exports.said();
    return new TextDecoder().decode(new Uint8Array(this.exports.memory.buffer, at, this.exports.saidLength()));
  }

  get isFull(): boolean {
    return this.exports.memory.buffer.byteLength > MAX_MEMORY + this.#capacity;
  }

  #reserve(size: number): void {
    this.exports.release(this.#text);
    this.#text = this.#allocate(size);
    this.#capacity = size;
    this.#look();
  }

  /** Address 0 is memory, too: the module's own. */
  #allocate(size: number): number {
    const at = this.exports.allocate(size);
    if (at === 0) throw new OutOfMemory(`no memory for a text of ${size} bytes`);
    return at;
  }

  #look(): void {
    this.#bytes = new Uint8Array(this.exports.memory.buffer);
    this.#words = new Int32Array(this.exports.memory.buffer);
  }
}

/** The C library asks for files to write its own messages to; there are none. */
const NO_FILE = (): number => 8;
const NO_SYSTEM = {
  fd_close: NO_FILE,
  fd_prestat_get: NO_FILE,
  fd_prestat_dir_name: NO_FILE,
  fd_seek: NO_FILE,
  fd_write: NO_FILE,
  proc_exit(): never {
    throw new WebAssembly.RuntimeError('RE2 gave up');
  },
};

let module: object | undefined;

/** Compiled code belongs to the module: threads that share it share what V8 has made fast of it. */
export function re2Module(): object {
  return (module ??= new WebAssembly.Module(readFileSync(fileURLToPath(new URL('./re2/re2.wasm', import.meta.url)))));
}

/** For a thread that was started by one that has the module. */
export function useRe2Module(given: object): void {
  module ??= given;
}
