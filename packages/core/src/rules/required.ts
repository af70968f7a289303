/**
 * Byte conditions that a pattern implies, so that the engine can tell without RE2 that it cannot match at a keyword:
 * what must follow the keyword directly, and the longest run of one byte class that every match holds. Both only refuse
 * what RE2 would refuse.
 */
import { automatonOf } from './automaton.ts';
import type { Automaton } from './automaton.ts';
import { ALL_ASCII, EMPTY_SET, byteFlags, countBytes, isEmpty, takesLetter, union } from './char-set.ts';
import type { CharSet } from './char-set.ts';
import type { Re2Node } from './re2-node.ts';

/** At least `min` consecutive bytes of `set`: 32 bytes in hex, bit `b & 7` of byte `b >> 3` stands for byte `b`. */
export interface RequiredBytes {
  readonly set: string;
  readonly min: number;
}

/** How unlikely random bytes are to meet the condition, in bits. */
export function strengthOf({ set, min }: RequiredBytes): number {
  let members = 0;
  for (const byte of Buffer.from(set, 'hex')) for (let rest = byte; rest !== 0; rest &= rest - 1) members++;
  return members === 0 ? 0 : min * Math.log2(256 / members);
}

interface Run {
  readonly set: CharSet;
  readonly min: number;
}

const MAX_POSITIONS = 8192;
const MAX_AFTER = 64;
const MAX_RUN = 256;
/** A condition that refuses fewer random bytes than this many bits' worth is not worth a test. */
const MIN_BITS = 1;
const MIN_BITS_EACH = 0.2;
const MAX_JOINED = 40;
/** Of a concatenation of more parts, only runs within one part are looked for. */
const MAX_PARTS = 2048;

/**
 * For each keyword (lower case): what follows directly wherever the keyword stands in a match that begins at most `back`
 * bytes before it; null where nothing is implied. All null for patterns that are too large to follow.
 */
export function requiredAfter(pattern: Re2Node, keywords: readonly string[], back: number): (RequiredBytes | null)[] {
  const automaton = automatonOf(pattern, MAX_POSITIONS);
  if (automaton === undefined) return keywords.map(() => null);
  const starts = startsWithin(automaton, back);
  return keywords.map((keyword) => afterKeyword(automaton, starts, keyword));
}

/** Positions that may read a character which begins at most `back` characters (so at most as many bytes) into the match. */
function startsWithin(automaton: Automaton, back: number): Set<number> {
  const reached = new Set<number>(automaton.first);
  let edge: Set<number> = new Set(automaton.first);
  for (let step = 0; step < back && edge.size > 0; step++) {
    const next = new Set<number>();
    for (const position of edge) {
      for (const target of automaton.next[position] ?? []) {
        if (reached.has(target)) continue;
        reached.add(target);
        next.add(target);
      }
    }
    edge = next;
  }
  return reached;
}

function afterKeyword(automaton: Automaton, starts: ReadonlySet<number>, keyword: string): RequiredBytes | null {
  let current: Set<number> = new Set();
  let candidates: ReadonlySet<number> = starts;
  for (const letter of keyword) {
    current = new Set([...candidates].filter((position) => takesLetter(automaton.sets[position] ?? EMPTY_SET, letter)));
    candidates = followers(automaton, current);
  }
  if (current.size === 0) return null;
  const runs: Run[] = [];
  let all = EMPTY_SET;
  while (runs.length < MAX_AFTER && ![...current].some((position) => automaton.last.has(position))) {
    current = followers(automaton, current);
    for (const position of current) all = union(all, automaton.sets[position] ?? EMPTY_SET);
    const run = { set: all, min: runs.length + 1 };
    // The set only grows: once it says next to nothing, it stays so.
    if (bits(run) / run.min < MIN_BITS_EACH) break;
    runs.push(run);
  }
  return best(runs);
}

function followers(automaton: Automaton, positions: ReadonlySet<number>): Set<number> {
  const next = new Set<number>();
  for (const position of positions) for (const target of automaton.next[position] ?? []) next.add(target);
  return next;
}

/** A run of bytes of one set that every match contains, or undefined. It may lie anywhere in the match. */
export function requiredRun(pattern: Re2Node): RequiredBytes | undefined {
  return best(runsOf(pattern).runs) ?? undefined;
}

interface Runs {
  /** The whole match is one run. */
  readonly whole: Run;
  /** Runs that every match contains, the strongest few. */
  readonly runs: readonly Run[];
}

const EMPTY_RUN: Run = { set: EMPTY_SET, min: 0 };

function runsOf(node: Re2Node): Runs {
  switch (node.type) {
    case 'assert':
      return { whole: EMPTY_RUN, runs: [] };
    case 'char': {
      const whole = { set: node.set, min: 1 };
      return { whole, runs: [whole] };
    }
    case 'group':
      return runsOf(node.node);
    case 'repeat': {
      const once = runsOf(node.node);
      const whole = { set: node.max === 0 ? EMPTY_SET : once.whole.set, min: once.whole.min * node.min };
      return node.min === 0 ? { whole, runs: [] } : { whole, runs: strongest([whole, ...once.runs]) };
    }
    case 'alternate': {
      const branches = node.nodes.map(runsOf);
      const whole = branches.map((b) => b.whole).reduce(either);
      // One run for each branch, joined: only the strongest of each, since every choice of one each would do.
      const chosen = branches.map((b) => strongest(b.runs)[0]);
      const joined = chosen.includes(undefined) ? [] : [chosen.filter((run) => run !== undefined).reduce(either)];
      return { whole, runs: strongest([whole, ...joined]) };
    }
    case 'concat':
      return joinedRuns(node.nodes.map(runsOf));
  }
}

function joinedRuns(parts: readonly Runs[]): Runs {
  const runs: Run[] = parts.flatMap((part) => part.runs);
  for (let from = 0; from < parts.length && parts.length <= MAX_PARTS; from++) {
    let run = EMPTY_RUN;
    for (let to = from; to < parts.length && to < from + MAX_JOINED; to++) {
      const part = parts[to]?.whole ?? EMPTY_RUN;
      run = { set: union(run.set, part.set), min: run.min + part.min };
      if (isEmpty(run.set)) continue;
      if (bits({ set: run.set, min: 1 }) < MIN_BITS_EACH) break;
      runs.push(run);
    }
  }
  const whole = parts
    .map((p) => p.whole)
    .reduce((a, b) => ({ set: union(a.set, b.set), min: a.min + b.min }), EMPTY_RUN);
  return { whole, runs: strongest(runs) };
}

function either(a: Run, b: Run): Run {
  return { set: union(a.set, b.set), min: Math.min(a.min, b.min) };
}

/** How unlikely random bytes are to satisfy the run, in bits. */
function bits(run: Run): number {
  const members = countBytes(run.set);
  return members === 0 ? 0 : Math.min(run.min, MAX_RUN) * Math.log2(256 / members);
}

function strongest(runs: readonly Run[]): Run[] {
  return runs
    .filter((run) => run.min > 0)
    .map((run) => ({ run, bits: bits(run) }))
    .sort((a, b) => b.bits - a.bits)
    .slice(0, 4)
    .map(({ run }) => run);
}

function best(runs: readonly Run[]): RequiredBytes | null {
  const [run] = strongest(runs);
  if (run === undefined || bits(run) < MIN_BITS || (run.set.ascii === ALL_ASCII && run.set.high > 0)) return null;
  return { set: hexOf(byteFlags(run.set)), min: Math.min(run.min, MAX_RUN) };
}

function hexOf(flags: Uint8Array): string {
  const bytes = Buffer.alloc(32);
  flags.forEach((flag, b) => {
    if (flag !== 0) bytes[b >> 3] = (bytes[b >> 3] ?? 0) | (1 << (b & 7));
  });
  return bytes.toString('hex');
}
