/**
 * A pattern as a nondeterministic automaton over sets of characters, without its assertions: it takes everything that the
 * pattern takes, and perhaps more. For proofs of the kind "after this, only these bytes can come".
 */
import { EMPTY_SET } from './char-set.ts';
import type { CharSet } from './char-set.ts';
import type { Re2Node } from './re2-node.ts';

export interface Automaton {
  /** By position: what it reads. */
  readonly sets: readonly CharSet[];
  /** By position: the positions that may come next. */
  readonly next: readonly (readonly number[])[];
  readonly first: readonly number[];
  /** Positions after which a match may end. */
  readonly last: ReadonlySet<number>;
}

/** Glushkov's construction: one position for each character of the pattern, repeats written out. */
interface Piece {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly empty: boolean;
}

const NOTHING: Piece = { first: [], last: [], empty: true };

/**
 * Every way into `(?:a|b|…)*` follows every way out of it, so edges can be the square of positions, once for each star
 * around it. Twenty times what any rule of ours has.
 */
const MAX_EDGES = 1 << 18;

/**
 * Undefined if the pattern has more than `limit` positions, or too many edges between them. `isLoose`: takes more, with
 * fewer positions: of repeats, the upper bound is left out. Start and end of the text are then positions that read nothing.
 */
export function automatonOf(pattern: Re2Node, limit: number, isLoose = false): Automaton | undefined {
  const builder = new Builder(limit, isLoose);
  const whole = builder.piece(pattern);
  return builder.full
    ? undefined
    : { sets: builder.sets, next: builder.next, first: whole.first, last: new Set(whole.last) };
}

class Builder {
  readonly sets: CharSet[] = [];
  readonly next: number[][] = [];
  readonly #limit: number;
  readonly #isLoose: boolean;
  #edges = 0;
  full = false;

  constructor(limit: number, isLoose: boolean) {
    this.#limit = limit;
    this.#isLoose = isLoose;
  }

  piece(node: Re2Node): Piece {
    if (this.sets.length > this.#limit) this.full = true;
    if (this.full) return NOTHING;
    switch (node.type) {
      case 'assert':
        return this.#isLoose && node.kind.startsWith('text') ? this.#position(EMPTY_SET) : NOTHING;
      case 'group':
        return this.piece(node.node);
      case 'char':
        return this.#position(node.set);
      case 'alternate': {
        const branches = node.nodes.map((child) => this.piece(child));
        return {
          first: branches.flatMap((b) => b.first),
          last: branches.flatMap((b) => b.last),
          empty: branches.some((b) => b.empty),
        };
      }
      case 'concat':
        return node.nodes.reduce<Piece>((left, child) => this.#joined(left, this.piece(child)), NOTHING);
      case 'repeat':
        return this.#repeated(
          node.node,
          node.min,
          this.#isLoose && node.max > 1 && node.max > node.min ? Infinity : node.max,
        );
    }
  }

  #position(set: CharSet): Piece {
    const position = this.sets.push(set) - 1;
    this.next.push([]);
    return { first: [position], last: [position], empty: false };
  }

  /** Copies in a chain, x(x(x)?)?: a copy is entered from the one before it only, so there are no more edges than needed. */
  #repeated(node: Re2Node, min: number, max: number): Piece {
    const copies = max === Infinity ? Math.max(min, 1) : max;
    const last: number[] = [];
    let first: readonly number[] = [];
    let before: readonly number[] = [];
    let empty = min === 0;
    for (let i = 0; i < copies && !this.full; i++) {
      const copy = this.piece(node);
      if (i === 0) first = copy.first;
      this.#link(before, copy.first);
      if (i === copies - 1 && max === Infinity) this.#link(copy.last, copy.first);
      empty ||= copy.empty;
      if (i >= min - 1 || copy.empty) last.push(...copy.last);
      before = copy.last;
    }
    return { first, last, empty };
  }

  #joined(left: Piece, right: Piece): Piece {
    this.#link(left.last, right.first);
    return {
      first: left.empty ? [...left.first, ...right.first] : left.first,
      last: right.empty ? [...left.last, ...right.last] : right.last,
      empty: left.empty && right.empty,
    };
  }

  #link(from: readonly number[], to: readonly number[]): void {
    this.#edges += from.length * to.length;
    if (this.#edges > MAX_EDGES) this.full = true;
    if (this.full) return;
    for (const position of from) this.next[position]?.push(...to);
  }
}
