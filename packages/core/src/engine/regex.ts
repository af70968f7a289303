/**
 * The one door to RE2. Everything that runs a pattern over scanned bytes goes through `compile`; there is no other
 * engine. Patterns are RE2 syntax (https://github.com/google/re2/wiki/Syntax); positions are bytes.
 */
import { OutOfMemory } from '../bytes/linear-memory.ts';
import type { Span } from '../types/index.ts';
import { Re2Instance } from './re2-instance.ts';

export { re2Module, useRe2Module } from './re2-instance.ts';

export interface PatternMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: Readonly<Record<string, Span>>;
  /** Numbered groups from 1 on; `undefined` where a group took no part. */
  readonly numbered: readonly (Span | undefined)[];
}

/** `bytes` are read as UTF-8. All throw PatternError if the pattern cannot be run, OutOfMemory if the text is too large. */
export interface Pattern {
  readonly source: string;
  /** The leftmost match that begins in `[from, last]`, leftmost-first inside; `\b` and `^` see the bytes before `from`. */
  search(bytes: Uint8Array, from: number, last: number): PatternMatch | undefined;
  /** The same, by trying each place: cheaper where there are few, since RE2 stops as soon as there cannot be a match. */
  tryEach(bytes: Uint8Array, from: number, last: number): PatternMatch | undefined;
  test(bytes: Uint8Array): boolean;
}

export class PatternError extends Error {
  readonly code = 'BAD_PATTERN';
  readonly pattern: string;
  constructor(pattern: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'PatternError';
    this.pattern = pattern;
  }
}

/** @throws PatternError with one line that says what RE2 does not take. */
export function compile(source: string): Pattern {
  const pattern = new CompiledPattern(source);
  pattern.ready();
  return pattern;
}

/** The same, when it is asked. `owner`: whose it is, for errors. */
export function lazily(source: string, owner?: string): Pattern {
  return new CompiledPattern(source, owner);
}

/** The only reference to an instance: what it takes is given back once another one is here. */
let current: Re2Instance | undefined;

class CompiledPattern implements Pattern {
  readonly source: string;
  readonly #prefix: string;
  /** The number of the instance that `#re` lies in. */
  #instance = 0;
  #re = 0;
  #count = 0;
  #names: readonly (readonly [name: string, group: number])[] = [];

  constructor(source: string, owner?: string) {
    this.source = source;
    this.#prefix = owner === undefined ? '' : `${owner}: `;
  }

  search(bytes: Uint8Array, from: number, last: number): PatternMatch | undefined {
    return this.#find('search', bytes, from, last);
  }

  tryEach(bytes: Uint8Array, from: number, last: number): PatternMatch | undefined {
    return this.#find('tryEach', bytes, from, last);
  }

  test(bytes: Uint8Array): boolean {
    const re2 = this.ready();
    return this.#guard(() => re2.exports.test(this.#re, re2.load(bytes), bytes.length) !== 0);
  }

  #find(how: 'search' | 'tryEach', bytes: Uint8Array, from: number, last: number): PatternMatch | undefined {
    const re2 = this.ready();
    return this.#guard(() => {
      const found = re2.exports[how](this.#re, re2.load(bytes), bytes.length, from, last, this.#count);
      return found === 0 ? undefined : this.#match(re2.spans(this.#count));
    });
  }

  /** The instance that this pattern is compiled in. */
  ready(): Re2Instance {
    if (current?.isFull === true) current = undefined;
    const re2 = (current ??= this.#guard(() => new Re2Instance()));
    if (this.#instance === re2.number) return re2;
    this.#re = this.#guard(() => re2.compile(this.source));
    if (this.#re === 0) throw new PatternError(this.source, this.#prefix + explain(this.source, re2.said()));
    this.#instance = re2.number;
    this.#count = re2.exports.groupCount(this.#re) + 1;
    re2.exports.groupNames(this.#re);
    this.#names = [...re2.said().matchAll(/^(\d+) (.*)$/gm)].map(([, group, name = '']) => [name, Number(group)]);
    return re2;
  }

  /** An instance that stopped in the middle is in no state to be asked again. */
  #guard<T>(ask: () => T): T {
    try {
      return ask();
    } catch (error) {
      current = undefined;
      if (error instanceof OutOfMemory || !isExhausted(error)) throw error;
      throw new PatternError(this.source, `${this.#prefix}RE2 ran out of memory for this pattern`, error);
    }
  }

  #match(spans: Int32Array): PatternMatch {
    const span = (group: number): Span | undefined => {
      const start = spans[2 * group] ?? -1;
      return start < 0 ? undefined : { start, end: spans[2 * group + 1] ?? start };
    };
    const groups: Record<string, Span> = {};
    for (const [name, group] of this.#names) {
      const at = span(group);
      if (at !== undefined) groups[name] = at;
    }
    return {
      start: spans[0] ?? 0,
      end: spans[1] ?? 0,
      groups,
      numbered: Array.from({ length: this.#count - 1 }, (_, i) => span(i + 1)),
    };
  }
}

/** What a module stops with that gets no more memory, or has no stack left. */
function isExhausted(error: unknown): boolean {
  return error instanceof RangeError || error instanceof WebAssembly.RuntimeError;
}

const LOOKAROUND = ['(?=', '(?!', '(?<=', '(?<!'];

function explain(source: string, reason: string): string {
  const found = LOOKAROUND.find((opening) => source.includes(opening));
  if (found !== undefined) return `RE2 has no look-around: rewrite the pattern without ${found}…)`;
  return `RE2 does not take this pattern: ${reason.replaceAll(/\s+/g, ' ')}`;
}
