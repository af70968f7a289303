/**
 * The ruleset as it is shipped: an index that every start reads, and the rules, a line of JSON each, of which a scan
 * reads those whose keywords it comes across. Parts that many patterns share (the middle of every `assign`) are replaced
 * by one character each.
 */
import { createHash } from 'node:crypto';
import type { Rule, Ruleset } from '../types/index.ts';

export interface PackedIndex {
  readonly format: 2;
  readonly digest: string;
  readonly allow: Ruleset['allow'];
  /** Part `i` stands in patterns as the character U+0080 + i. */
  readonly parts: readonly string[];
  /** By rule: the bytes of its line, without the line break. */
  readonly lengths: readonly number[];
  /** Digest of all lines. */
  readonly content: string;
}

export interface PackedRuleset {
  readonly index: PackedIndex;
  /** UTF-8. */
  readonly lines: Uint8Array;
}

const MAX_PARTS = 32;
const FIRST_MARK = 0x80;
const LF = '\n';

/**
 * @param parts texts that many patterns share; at most 32. One that holds another stands before it.
 * @throws RangeError for more parts, and for a pattern that holds a character which stands for one
 */
export function packRuleset(ruleset: Ruleset, parts: readonly string[]): PackedRuleset {
  if (parts.length > MAX_PARTS) throw new RangeError(`more than ${MAX_PARTS} parts`);
  const lines = ruleset.rules.map((rule) => JSON.stringify({ ...rule, pattern: shortened(rule, parts) }));
  const packed = new TextEncoder().encode(lines.map((line) => line + LF).join(''));
  return {
    index: {
      format: 2,
      digest: ruleset.digest,
      allow: ruleset.allow,
      parts,
      lengths: lines.map((line) => Buffer.byteLength(line)),
      content: createHash('sha256').update(packed).digest('hex'),
    },
    lines: packed,
  };
}

/**
 * `readLines` gives what was packed as `lines`; it is called when the first rule is asked for. A copy of the set for
 * another thread has all rules. `readTables`: as in LateRules.
 */
export function unpackRuleset(
  index: PackedIndex,
  readLines: () => Uint8Array,
  readTables: () => Uint8Array | undefined = () => undefined,
): Ruleset {
  const { digest, allow, parts, lengths, content } = index;
  const made: Rule[] = [];
  let lines: Buffer | undefined;
  let starts: Uint32Array | undefined;

  function make(number: number): Rule {
    lines ??= asBuffer(readLines());
    starts ??= startsOf(lengths);
    const start = starts[number] ?? 0;
    const packed = JSON.parse(lines.toString('utf8', start, start + (lengths[number] ?? 0))) as Rule;
    return { ...packed, pattern: restored(packed.pattern, parts) };
  }

  function rule(number: number): Rule | undefined {
    return number in lengths ? (made[number] ??= make(number)) : undefined;
  }

  const ruleset: Ruleset = {
    digest,
    get rules() {
      for (const number of lengths.keys()) made[number] ??= make(number);
      return made;
    },
    allow,
  };
  // Not enumerable: a function cannot go to another thread.
  return Object.defineProperty(ruleset, 'late', {
    value: { count: lengths.length, rule, content, tables: readTables },
  });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length);
  let at = 0;
  for (const [number, length] of lengths.entries()) {
    starts[number] = at;
    at += length + LF.length;
  }
  return starts;
}

function mark(i: number): string {
  return String.fromCharCode(FIRST_MARK + i);
}

function shortened(rule: Rule, parts: readonly string[]): string {
  const { pattern } = rule;
  for (let i = 0; i < MAX_PARTS; i++) {
    if (pattern.includes(mark(i))) throw new RangeError(`rule ${rule.id} has a control character in its pattern`);
  }
  return parts.reduce((text, part, i) => text.replaceAll(part, mark(i)), pattern);
}

function restored(pattern: string, parts: readonly string[]): string {
  return pattern.replaceAll(/[\x80-\x9f]/g, (found) => parts[found.charCodeAt(0) - FIRST_MARK] ?? '');
}
