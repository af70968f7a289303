/** Where a parser of RE2's syntax stands, and what holds there. */
import { charSet, foldRanges } from './char-set.ts';
import type { CharSet, Range } from './char-set.ts';
import type { CharNode } from './re2-node.ts';

export type Re2SyntaxCode = 'look-around' | 'back-reference' | 'unsupported' | 'syntax' | 'too-large';

export class Re2SyntaxError extends Error {
  readonly code: Re2SyntaxCode;
  /** Index of the character in the pattern. */
  readonly at: number;
  constructor(code: Re2SyntaxCode, message: string, at: number) {
    super(`${message} (at character ${at + 1})`);
    this.name = 'Re2SyntaxError';
    this.code = code;
    this.at = at;
  }
}

export interface Flags {
  readonly fold: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
}

export class Re2Cursor {
  readonly pattern: string;
  at = 0;
  flags: Flags = { fold: false, multiLine: false, dotAll: false };

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  get isAtEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  /** The character `ahead` of here; undefined behind the end. */
  peek(ahead = 0): string | undefined {
    return this.pattern[this.at + ahead];
  }

  startsWith(text: string): boolean {
    return this.pattern.startsWith(text, this.at);
  }

  /** At most `length` characters from here. */
  rest(length: number): string {
    return this.pattern.slice(this.at, this.at + length);
  }

  /** @throws Re2SyntaxError */
  fail(code: Re2SyntaxCode, message: string, at: number = this.at): never {
    throw new Re2SyntaxError(code, message, at);
  }

  /** Takes a character. */
  codePoint(): number {
    const code = this.pattern.codePointAt(this.at) ?? 0;
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  /** The characters, and what else they mean under the flags here. */
  set(ranges: readonly Range[]): CharSet {
    return this.flags.fold ? foldRanges(ranges) : charSet(ranges);
  }

  /** A node from `start` to here. */
  char(ranges: readonly Range[], start: number): CharNode {
    return { type: 'char', set: this.set(ranges), start, end: this.at };
  }
}
