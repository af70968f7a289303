/**
 * A parser of RE2's syntax (https://github.com/google/re2/wiki/Syntax) to a small tree, for the proofs that are made
 * about patterns: how long a match can be, what it must contain. It takes what RE2 takes with Perl classes on; the last
 * word on a pattern is RE2's own compiler. Escapes of JavaScript alone (`\u0041`, `\cA`) are refused.
 */
import { ALL_ASCII, EMPTY_SET, charSet, complement, foldRanges, union } from './char-set.ts';
import type { CharSet, Range } from './char-set.ts';
import type { AssertKind, CharNode, Re2Node } from './re2-node.ts';
import { PERL_CLASSES, POSIX_CLASSES, unicodeClass } from './re2-classes.ts';

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

const MAX_LENGTH = 65_536;
const MAX_DEPTH = 200;
/** RE2's own limit on a counted repeat, nested ones multiplied. */
const MAX_REPEAT = 1000;
const LAST_CODE_POINT = 0x10ffff;

interface Flags {
  readonly fold: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
}

/** @throws Re2SyntaxError */
export function parseRe2(pattern: string): Re2Node {
  if (pattern.length > MAX_LENGTH)
    throw new Re2SyntaxError('too-large', `the pattern is longer than ${MAX_LENGTH} characters`, 0);
  return new Parser(pattern).parse();
}

class Parser {
  readonly #p: string;
  #at = 0;
  #flags: Flags = { fold: false, multiLine: false, dotAll: false };
  #groups = 0;
  readonly #names = new Set<string>();

  constructor(pattern: string) {
    this.#p = pattern;
  }

  parse(): Re2Node {
    const node = this.#alternation(0);
    if (this.#at < this.#p.length) this.#fail('syntax', 'a ) without its (');
    checkRepeats(node, 1);
    return node;
  }

  #fail(code: Re2SyntaxCode, message: string, at: number = this.#at): never {
    throw new Re2SyntaxError(code, message, at);
  }

  #alternation(depth: number): Re2Node {
    if (depth > MAX_DEPTH) this.#fail('too-large', `groups nested more than ${MAX_DEPTH} deep`);
    const start = this.#at;
    const branches = [this.#concatenation(depth)];
    while (this.#p[this.#at] === '|') {
      this.#at++;
      branches.push(this.#concatenation(depth));
    }
    const [only] = branches;
    return branches.length === 1 && only !== undefined
      ? only
      : { type: 'alternate', nodes: branches, start, end: this.#at };
  }

  #concatenation(depth: number): Re2Node {
    const start = this.#at;
    const nodes: Re2Node[] = [];
    let afterRepeat = false;
    while (this.#at < this.#p.length && this.#p[this.#at] !== '|' && this.#p[this.#at] !== ')') {
      const repeat = this.#repeat();
      if (repeat !== undefined) {
        const node = nodes.pop();
        if (afterRepeat || node === undefined) this.#fail('syntax', 'a repeat with nothing to repeat', repeat.at);
        nodes.push({ type: 'repeat', node, min: repeat.min, max: repeat.max, start: node.start, end: this.#at });
        afterRepeat = true;
        continue;
      }
      // What adds no node, an empty quote or a group of flags, leaves the node before it to be repeated.
      afterRepeat = false;
      if (this.#p.startsWith('\\Q', this.#at)) {
        nodes.push(...this.#quoted());
        continue;
      }
      const atom = this.#atom(depth);
      if (atom !== undefined) nodes.push(atom);
    }
    const [only] = nodes;
    return nodes.length === 1 && only !== undefined ? only : { type: 'concat', nodes, start, end: this.#at };
  }

  /** A repeat operator here, or undefined. `{` that does not open one is a literal, as in RE2. */
  #repeat(): { min: number; max: number; at: number } | undefined {
    const at = this.#at;
    const c = this.#p[at];
    let found: { min: number; max: number; at: number } | undefined;
    if (c === '*') found = { min: 0, max: Infinity, at };
    else if (c === '+') found = { min: 1, max: Infinity, at };
    else if (c === '?') found = { min: 0, max: 1, at };
    if (found !== undefined) this.#at++;
    else if (c === '{') {
      const counted = /^\{(\d{1,9})(,(\d{1,9})?)?\}/.exec(this.#p.slice(at, at + 24));
      if (counted === null) return undefined;
      const min = Number(counted[1]);
      const max = counted[2] === undefined ? min : counted[3] === undefined ? Infinity : Number(counted[3]);
      if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) {
        this.#fail('too-large', `RE2 repeats at most ${MAX_REPEAT} times`);
      }
      if (min > max) this.#fail('syntax', 'a repeat whose bounds are backwards');
      found = { min, max, at };
      this.#at += counted[0].length;
    }
    if (found !== undefined && this.#p[this.#at] === '?') this.#at++;
    return found;
  }

  #quoted(): CharNode[] {
    const start = this.#at + 2;
    const close = this.#p.indexOf('\\E', start);
    const end = close < 0 ? this.#p.length : close;
    this.#at = start;
    const nodes: CharNode[] = [];
    while (this.#at < end) nodes.push(this.#literal(this.#codePoint(), this.#at));
    this.#at = close < 0 ? end : end + 2;
    return nodes;
  }

  #codePoint(): number {
    const code = this.#p.codePointAt(this.#at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }

  #literal(code: number, end: number): CharNode {
    return this.#char([[code, code]], end - (code > 0xffff ? 2 : 1));
  }

  #char(ranges: readonly Range[], start: number): CharNode {
    return { type: 'char', set: this.#set(ranges), start, end: this.#at };
  }

  #set(ranges: readonly Range[]): CharSet {
    return this.#flags.fold ? foldRanges(ranges) : charSet(ranges);
  }

  #atom(depth: number): Re2Node | undefined {
    const start = this.#at;
    const c = this.#p[start];
    if (c === '(') return this.#group(depth);
    if (c === '[') return this.#bracket();
    if (c === '\\') return this.#escape();
    if (c === '.') {
      this.#at++;
      const set = this.#flags.dotAll ? complement(EMPTY_SET) : complement(charSet([[10, 10]]));
      return { type: 'char', set, start, end: this.#at };
    }
    if (c === '^' || c === '$') {
      this.#at++;
      const line = this.#flags.multiLine ? 'line' : 'text';
      return { type: 'assert', kind: c === '^' ? `${line}-start` : `${line}-end`, start, end: this.#at };
    }
    const code = this.#codePoint();
    return this.#char([[code, code]], start);
  }

  #group(depth: number): Re2Node | undefined {
    const start = this.#at;
    const saved = this.#flags;
    const opening = this.#opening();
    if (opening === 'flags-only') return undefined;
    const node = this.#alternation(depth + 1);
    if (this.#p[this.#at] !== ')') this.#fail('syntax', 'a ( without its )', start);
    this.#at++;
    this.#flags = saved;
    return { type: 'group', node, ...opening, start, end: this.#at };
  }

  /** Reads `(`, `(?:`, `(?P<name>`, `(?<name>`, `(?flags:` or a whole `(?flags)`. */
  #opening(): { index?: number; name?: string } | 'flags-only' {
    const start = this.#at;
    const rest = this.#p.slice(start, start + 80);
    if (!rest.startsWith('(?')) {
      this.#at++;
      return { index: ++this.#groups };
    }
    const look = ['(?=', '(?!', '(?<=', '(?<!'].find((o) => rest.startsWith(o));
    if (look !== undefined) {
      const what = look.includes('<') ? 'look-behind' : 'look-ahead';
      this.#fail('look-around', `RE2 has no ${what}: rewrite the pattern without ${look}…)`);
    }
    if (rest.startsWith('(?P='))
      this.#fail('back-reference', 'RE2 has no back-references: rewrite the pattern without (?P=…)');
    if (rest.startsWith('(?>')) this.#fail('unsupported', 'RE2 has no atomic groups (and needs none)');
    if (rest.startsWith('(?#')) this.#fail('unsupported', 'RE2 has no comments in patterns');
    const named = /^\(\?P?<([A-Za-z_][A-Za-z0-9_]{0,63})>/.exec(rest);
    if (named?.[1] !== undefined) {
      if (this.#names.has(named[1])) this.#fail('syntax', `two groups named ${named[1]}`);
      this.#names.add(named[1]);
      this.#at += named[0].length;
      return { index: ++this.#groups, name: named[1] };
    }
    if (rest.startsWith('(?P') || rest.startsWith('(?<')) this.#fail('syntax', 'a malformed group name');
    const flags = /^\(\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest);
    if (flags === null) this.#fail('unsupported', 'RE2 knows no such group; its flags are i, m, s and U');
    this.#at += flags[0].length;
    this.#setFlags(flags[1] ?? '', true);
    this.#setFlags(flags[2] ?? '', false);
    return flags[3] === ')' ? 'flags-only' : {};
  }

  #setFlags(letters: string, on: boolean): void {
    const { fold, multiLine, dotAll } = this.#flags;
    this.#flags = {
      fold: letters.includes('i') ? on : fold,
      multiLine: letters.includes('m') ? on : multiLine,
      dotAll: letters.includes('s') ? on : dotAll,
    };
  }

  #escape(): Re2Node {
    const start = this.#at;
    const next = this.#p[start + 1];
    const assert: Readonly<Record<string, AssertKind>> = { A: 'text-start', z: 'text-end', b: 'word', B: 'not-word' };
    const kind = next === undefined ? undefined : assert[next];
    if (kind !== undefined) {
      this.#at += 2;
      return { type: 'assert', kind, start, end: this.#at };
    }
    if (next === 'C') {
      this.#at += 2;
      // One byte of any value: never longer than a byte, and it may be any.
      return { type: 'char', set: { ascii: ALL_ASCII, high: 2, highByFolding: false }, start, end: this.#at };
    }
    const set = this.#classEscape();
    if (set !== undefined) return { type: 'char', set, start, end: this.#at };
    const code = this.#escapedCharacter();
    return this.#char([[code, code]], start);
  }

  /** `\d`, `\W`, `\pL`, `\P{Greek}` here, or undefined. Folding comes before negation, as in RE2. */
  #classEscape(): CharSet | undefined {
    const letter = this.#p[this.#at + 1] ?? '';
    const perl = PERL_CLASSES[letter.toLowerCase()];
    if (perl !== undefined) {
      this.#at += 2;
      return letter === letter.toLowerCase() ? this.#set(perl) : complement(this.#set(perl));
    }
    if (letter !== 'p' && letter !== 'P') return undefined;
    const found = /^\\[pP](?:([A-Za-z])|\{(\^?)([A-Za-z_]{1,40})\})/.exec(this.#p.slice(this.#at, this.#at + 48));
    const name = found?.[1] ?? found?.[3];
    if (found === null || name === undefined) this.#fail('syntax', 'a malformed \\p class');
    this.#at += found[0].length;
    const negated = (letter === 'P') !== (found[2] === '^');
    return negated ? complement(this.#set(unicodeClass(name))) : this.#set(unicodeClass(name));
  }

  #escapedCharacter(): number {
    const start = this.#at;
    const c = this.#p[start + 1];
    if (c === undefined) this.#fail('syntax', 'a backslash at the end');
    const simple: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
    const known = simple[c];
    if (known !== undefined) {
      this.#at += 2;
      return known;
    }
    const rest = this.#p.slice(start, start + 14);
    const octal = /^\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
    if (octal !== null) {
      this.#at += octal[0].length;
      return Number.parseInt(octal[0].slice(1), 8);
    }
    if (/[1-9k]/.test(c))
      this.#fail('back-reference', `RE2 has no back-references: rewrite the pattern without \\${c}`);
    if (c === 'x') {
      const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})/.exec(rest);
      const code = Number.parseInt(hex?.[1] ?? hex?.[2] ?? '', 16);
      if (hex === null || !(code <= LAST_CODE_POINT)) this.#fail('syntax', 'a malformed \\x escape');
      this.#at += hex[0].length;
      return code;
    }
    if (/[0-9A-Za-z]/.test(c) || c.charCodeAt(0) > 0x7f) this.#fail('syntax', `RE2 knows no escape \\${c}`);
    this.#at += 2;
    return c.charCodeAt(0);
  }

  #bracket(): CharNode {
    const start = this.#at;
    this.#at++;
    const negated = this.#p[this.#at] === '^';
    if (negated) this.#at++;
    let set = EMPTY_SET;
    let first = true;
    while (first || this.#p[this.#at] !== ']') {
      if (this.#at >= this.#p.length) this.#fail('syntax', 'a [ without its ]', start);
      first = false;
      set = union(set, this.#bracketItem());
    }
    this.#at++;
    return { type: 'char', set: negated ? complement(set) : set, start, end: this.#at };
  }

  #bracketItem(): CharSet {
    const close = this.#p.startsWith('[:', this.#at) ? this.#p.indexOf(':]', this.#at + 2) : -1;
    if (close >= 0) {
      const name = this.#p.slice(this.#at + 2, close);
      const ranges = POSIX_CLASSES[name.replace(/^\^/, '')];
      if (ranges === undefined) this.#fail('syntax', `RE2 knows no class [:${name}:]`);
      this.#at = close + 2;
      return name.startsWith('^') ? complement(this.#set(ranges)) : this.#set(ranges);
    }
    if (this.#p[this.#at] === '\\') {
      const set = this.#classEscape();
      if (set !== undefined) return set;
    }
    const at = this.#at;
    const from = this.#bracketCharacter();
    if (this.#p[this.#at] !== '-' || this.#p[this.#at + 1] === ']' || this.#p[this.#at + 1] === undefined)
      return this.#set([[from, from]]);
    this.#at++;
    const to = this.#bracketCharacter();
    if (to < from) this.#fail('syntax', 'a range whose bounds are backwards', at);
    return this.#set([[from, to]]);
  }

  #bracketCharacter(): number {
    return this.#p[this.#at] === '\\' ? this.#escapedCharacter() : this.#codePoint();
  }
}

function checkRepeats(node: Re2Node, product: number): void {
  switch (node.type) {
    case 'char':
    case 'assert':
      return;
    case 'group':
      return checkRepeats(node.node, product);
    case 'concat':
    case 'alternate':
      for (const child of node.nodes) checkRepeats(child, product);
      return;
    case 'repeat': {
      const times = node.max === Infinity ? Math.max(node.min, 1) : Math.max(node.max, 1);
      if (product * times > MAX_REPEAT) {
        throw new Re2SyntaxError(
          'too-large',
          `RE2 repeats at most ${MAX_REPEAT} times, nested repeats multiplied`,
          node.start,
        );
      }
      checkRepeats(node.node, product * times);
    }
  }
}
