/**
 * A parser of RE2's syntax (https://github.com/google/re2/wiki/Syntax) to a small tree, for the proofs that are made
 * about patterns: how long a match can be, what it must contain. It takes what RE2 takes with Perl classes on; the last
 * word on a pattern is RE2's own compiler. Escapes of JavaScript alone (`\u0041`, `\cA`) are refused.
 */
import { EMPTY_SET, charSet, complement } from './char-set.ts';
import { bracketClass, escapeSequence } from './re2-characters.ts';
import { Re2Cursor, Re2SyntaxError } from './re2-cursor.ts';
import type { CharNode, Re2Node } from './re2-node.ts';

export { Re2SyntaxError } from './re2-cursor.ts';

const MAX_LENGTH = 65_536;
const MAX_DEPTH = 200;
/** RE2 keeps the places of all groups for every state that it follows, and has no limit of its own. */
const MAX_GROUPS = 1000;
/** RE2's own limit on a counted repeat, nested ones multiplied. */
const MAX_REPEAT = 1000;

/** @throws Re2SyntaxError */
export function parseRe2(pattern: string): Re2Node {
  if (pattern.length > MAX_LENGTH)
    throw new Re2SyntaxError('too-large', `the pattern is longer than ${MAX_LENGTH} characters`, 0);
  return new Parser(pattern).parse();
}

class Parser {
  readonly #cursor: Re2Cursor;
  #groups = 0;
  readonly #names = new Set<string>();

  constructor(pattern: string) {
    this.#cursor = new Re2Cursor(pattern);
  }

  parse(): Re2Node {
    const node = this.#alternation(0);
    if (!this.#cursor.isAtEnd) this.#cursor.fail('syntax', 'a ) without its (');
    checkRepeats(node, 1);
    return node;
  }

  #alternation(depth: number): Re2Node {
    if (depth > MAX_DEPTH) this.#cursor.fail('too-large', `groups nested more than ${MAX_DEPTH} deep`);
    const start = this.#cursor.at;
    const branches = [this.#concatenation(depth)];
    while (this.#cursor.peek() === '|') {
      this.#cursor.at++;
      branches.push(this.#concatenation(depth));
    }
    const [only] = branches;
    return branches.length === 1 && only !== undefined
      ? only
      : { type: 'alternate', nodes: branches, start, end: this.#cursor.at };
  }

  #concatenation(depth: number): Re2Node {
    const start = this.#cursor.at;
    const nodes: Re2Node[] = [];
    let afterRepeat = false;
    while (!this.#cursor.isAtEnd && this.#cursor.peek() !== '|' && this.#cursor.peek() !== ')') {
      const repeat = this.#repeat();
      if (repeat !== undefined) {
        const node = nodes.pop();
        if (afterRepeat || node === undefined)
          this.#cursor.fail('syntax', 'a repeat with nothing to repeat', repeat.at);
        nodes.push({ type: 'repeat', node, min: repeat.min, max: repeat.max, start: node.start, end: this.#cursor.at });
        afterRepeat = true;
        continue;
      }
      // What adds no node, an empty quote or a group of flags, leaves the node before it to be repeated.
      afterRepeat = false;
      if (this.#cursor.startsWith('\\Q')) {
        nodes.push(...this.#quoted());
        continue;
      }
      const atom = this.#atom(depth);
      if (atom !== undefined) nodes.push(atom);
    }
    const [only] = nodes;
    return nodes.length === 1 && only !== undefined ? only : { type: 'concat', nodes, start, end: this.#cursor.at };
  }

  /** A repeat operator here, or undefined. `{` that does not open one is a literal, as in RE2. */
  #repeat(): { min: number; max: number; at: number } | undefined {
    const at = this.#cursor.at;
    const c = this.#cursor.peek();
    let found: { min: number; max: number; at: number } | undefined;
    if (c === '*') found = { min: 0, max: Infinity, at };
    else if (c === '+') found = { min: 1, max: Infinity, at };
    else if (c === '?') found = { min: 0, max: 1, at };
    if (found !== undefined) this.#cursor.at++;
    else if (c === '{') {
      const counted = /^\{(\d{1,9})(,(\d{1,9})?)?\}/.exec(this.#cursor.rest(24));
      if (counted === null) return undefined;
      const min = Number(counted[1]);
      const max = counted[2] === undefined ? min : counted[3] === undefined ? Infinity : Number(counted[3]);
      if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) {
        this.#cursor.fail('too-large', `RE2 repeats at most ${MAX_REPEAT} times`);
      }
      if (min > max) this.#cursor.fail('syntax', 'a repeat whose bounds are backwards');
      found = { min, max, at };
      this.#cursor.at += counted[0].length;
    }
    if (found !== undefined && this.#cursor.peek() === '?') this.#cursor.at++;
    return found;
  }

  #quoted(): CharNode[] {
    const start = this.#cursor.at + 2;
    const close = this.#cursor.pattern.indexOf('\\E', start);
    const end = close < 0 ? this.#cursor.pattern.length : close;
    this.#cursor.at = start;
    const nodes: CharNode[] = [];
    while (this.#cursor.at < end) {
      const at = this.#cursor.at;
      const code = this.#cursor.codePoint();
      nodes.push(this.#cursor.char([[code, code]], at));
    }
    this.#cursor.at = close < 0 ? end : end + 2;
    return nodes;
  }

  #atom(depth: number): Re2Node | undefined {
    const start = this.#cursor.at;
    const c = this.#cursor.peek();
    if (c === '(') return this.#group(depth);
    if (c === '[') return bracketClass(this.#cursor);
    if (c === '\\') return escapeSequence(this.#cursor);
    if (c === '.') {
      this.#cursor.at++;
      const set = this.#cursor.flags.dotAll ? complement(EMPTY_SET) : complement(charSet([[10, 10]]));
      return { type: 'char', set, start, end: this.#cursor.at };
    }
    if (c === '^' || c === '$') {
      this.#cursor.at++;
      const line = this.#cursor.flags.multiLine ? 'line' : 'text';
      return { type: 'assert', kind: c === '^' ? `${line}-start` : `${line}-end`, start, end: this.#cursor.at };
    }
    const code = this.#cursor.codePoint();
    return this.#cursor.char([[code, code]], start);
  }

  #group(depth: number): Re2Node | undefined {
    const start = this.#cursor.at;
    const saved = this.#cursor.flags;
    const opening = this.#opening();
    if (opening === 'flags-only') return undefined;
    const node = this.#alternation(depth + 1);
    if (this.#cursor.peek() !== ')') this.#cursor.fail('syntax', 'a ( without its )', start);
    this.#cursor.at++;
    this.#cursor.flags = saved;
    return { type: 'group', node, ...opening, start, end: this.#cursor.at };
  }

  /** Reads `(`, `(?:`, `(?P<name>`, `(?<name>`, `(?flags:` or a whole `(?flags)`. */
  #opening(): { index?: number; name?: string } | 'flags-only' {
    const rest = this.#cursor.rest(80);
    if (!rest.startsWith('(?')) {
      const index = this.#count();
      this.#cursor.at++;
      return { index };
    }
    const look = ['(?=', '(?!', '(?<=', '(?<!'].find((o) => rest.startsWith(o));
    if (look !== undefined) {
      const what = look.includes('<') ? 'look-behind' : 'look-ahead';
      this.#cursor.fail('look-around', `RE2 has no ${what}: rewrite the pattern without ${look}…)`);
    }
    if (rest.startsWith('(?P='))
      this.#cursor.fail('back-reference', 'RE2 has no back-references: rewrite the pattern without (?P=…)');
    if (rest.startsWith('(?>')) this.#cursor.fail('unsupported', 'RE2 has no atomic groups (and needs none)');
    if (rest.startsWith('(?#')) this.#cursor.fail('unsupported', 'RE2 has no comments in patterns');
    const named = /^\(\?P?<([A-Za-z_][A-Za-z0-9_]{0,63})>/.exec(rest);
    if (named?.[1] !== undefined) {
      if (this.#names.has(named[1])) this.#cursor.fail('syntax', `two groups named ${named[1]}`);
      this.#names.add(named[1]);
      const index = this.#count();
      this.#cursor.at += named[0].length;
      return { index, name: named[1] };
    }
    if (rest.startsWith('(?P') || rest.startsWith('(?<')) this.#cursor.fail('syntax', 'a malformed group name');
    const flags = /^\(\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest);
    if (flags === null) this.#cursor.fail('unsupported', 'RE2 knows no such group; its flags are i, m, s and U');
    this.#cursor.at += flags[0].length;
    this.#setFlags(flags[1] ?? '', true);
    this.#setFlags(flags[2] ?? '', false);
    return flags[3] === ')' ? 'flags-only' : {};
  }

  /** The number of the group that begins here. */
  #count(): number {
    if (this.#groups === MAX_GROUPS) this.#cursor.fail('too-large', `more than ${MAX_GROUPS} groups: write (?:…)`);
    return ++this.#groups;
  }

  #setFlags(letters: string, on: boolean): void {
    const { fold, multiLine, dotAll } = this.#cursor.flags;
    this.#cursor.flags = {
      fold: letters.includes('i') ? on : fold,
      multiLine: letters.includes('m') ? on : multiLine,
      dotAll: letters.includes('s') ? on : dotAll,
    };
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
