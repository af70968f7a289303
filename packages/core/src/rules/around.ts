/**
 * What can stand around a keyword, as two automata over bytes: one reads on behind the keyword, the other back from it.
 * Where one of them comes to a place from which no way leads on, no match holds the keyword, and RE2 need not be asked. Both
 * take more than the pattern: upper bounds of repeats are left out, and what stands far from the keyword does not count.
 */
import type { AroundKeywords } from '../types/index.ts';
import { automatonOf } from './automaton.ts';
import type { Automaton } from './automaton.ts';
import { EMPTY_SET, isEmpty, lowerMembers, takesLetter } from './char-set.ts';
import { byteClasses, determine, PASSED } from './determine.ts';
import { proveKeywords } from './keyword-proof.ts';
import type { Re2Node } from './re2-node.ts';

const MAX_POSITIONS = 2048;

export interface AroundRequest {
  /** A match begins at most so many bytes before the keyword. */
  readonly back: number;
  /**
   * A keyword counts only where the pattern spells it out, not where it is part of other text, such as a value. Ignored where
   * some match may have no such keyword.
   */
  readonly inName: boolean;
  /** So many states are told apart, before equal ones are merged; at most 254 are left. */
  readonly states: number;
}

/** `keywords`: lower case. Undefined where neither automaton would ever refuse, and for patterns that are too large. */
export function aroundKeywords(
  pattern: Re2Node,
  keywords: readonly string[],
  { back, inName, states }: AroundRequest,
): AroundKeywords | undefined {
  const automaton = automatonOf(pattern, MAX_POSITIONS, true);
  if (automaton === undefined) return undefined;
  const isSpelt = inName && proveKeywords(speltOut(pattern), keywords).proven;
  const begins = within(automaton, firstRead(automaton), back);
  const previous = reversed(automaton);
  const paths = keywords.map((keyword) => pathOf(automaton, begins, previous, keyword, isSpelt));
  const classes = byteClasses(automaton.sets);
  const first = new Set(automaton.first);
  const forward = determine(
    classes,
    automaton.next,
    (position) => automaton.last.has(position),
    paths.map((path) => path.last),
    states,
  );
  const backward = determine(
    classes,
    previous,
    (position) => first.has(position),
    paths.map((path) => path.first),
    states,
  );
  const starts = keywords.map((_, i): [number, number] => [forward.starts[i] ?? PASSED, backward.starts[i] ?? PASSED]);
  if (starts.flat().every((start) => start === PASSED)) return undefined;
  return {
    classes: classes.count,
    forward: forward.rows.length / classes.count,
    table: Buffer.concat([classes.ofByte, forward.rows, backward.rows]).toString('base64'),
    starts,
  };
}

/** The pattern with characters that no keyword has for all that are not one letter in either case. */
function speltOut(node: Re2Node): Re2Node {
  switch (node.type) {
    case 'assert':
      return node;
    case 'char':
      return lowerMembers(node.set)?.length === 1 ? node : { ...node, set: UNSPELT };
    case 'group':
    case 'repeat':
      return { ...node, node: speltOut(node.node) };
    case 'concat':
    case 'alternate':
      return { ...node, nodes: node.nodes.map(speltOut) };
  }
}

/** A NUL: keywords have none. */
const UNSPELT = { ...EMPTY_SET, ascii: 1n };

/** Positions that can read the first character of a match: the start of the text is a position that reads nothing. */
function firstRead({ first, sets, next }: Automaton): ReadonlySet<number> {
  const reached = new Set<number>(first);
  for (const position of reached)
    if (isEmpty(sets[position] ?? EMPTY_SET)) for (const target of next[position] ?? []) reached.add(target);
  return reached;
}

/** Positions that can be read at most `steps` characters after one of `from`. */
function within({ next }: Automaton, from: ReadonlySet<number>, steps: number): ReadonlySet<number> {
  const reached = new Set<number>(from);
  let edge: readonly number[] = [...from];
  for (let step = 0; step < steps && edge.length > 0; step++) {
    const further: number[] = [];
    for (const position of edge) {
      for (const target of next[position] ?? []) {
        if (reached.has(target)) continue;
        reached.add(target);
        further.push(target);
      }
    }
    edge = further;
  }
  return reached;
}

function reversed({ next }: Automaton): readonly (readonly number[])[] {
  const previous: number[][] = next.map(() => []);
  next.forEach((targets, position) => {
    for (const target of targets) previous[target]?.push(position);
  });
  return previous;
}

interface Path {
  /** Positions that may read the keyword's first character, and its last. */
  readonly first: ReadonlySet<number>;
  readonly last: ReadonlySet<number>;
}

function pathOf(
  { sets, next }: Automaton,
  begins: ReadonlySet<number>,
  previous: readonly (readonly number[])[],
  keyword: string,
  isSpelt: boolean,
): Path {
  const canRead = (position: number, letter: string): boolean => {
    const set = sets[position] ?? EMPTY_SET;
    return takesLetter(set, letter) && (!isSpelt || lowerMembers(set)?.length === 1);
  };
  let last: ReadonlySet<number> = new Set<number>();
  const layers: ReadonlySet<number>[] = [];
  let candidates = begins;
  for (const letter of keyword) {
    last = new Set([...candidates].filter((position) => canRead(position, letter)));
    layers.push(last);
    candidates = new Set([...last].flatMap((position) => next[position] ?? []));
  }
  // Of those that read the first letter, only such count from which the others can follow.
  let first = last;
  for (const layer of layers.slice(0, -1).reverse()) {
    const before = new Set([...first].flatMap((position) => previous[position] ?? []));
    first = new Set([...layer].filter((position) => before.has(position)));
  }
  return { first, last };
}
