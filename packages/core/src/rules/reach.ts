/** The reach of a rule, proven from its pattern (docs/architecture.md, "What a hit is"). */
import type { Reach } from '../types/index.ts';
import { proveKeywords } from './keyword-proof.ts';
import { maxBytes } from './length.ts';
import type { Re2Node } from './re2-node.ts';

/** Most bytes that may stand before the keyword in a match. */
const MAX_BACK = 256;
/** A pattern with a longer longest match counts as open. */
export const MAX_BOUNDED = 4096;
const OPEN_FORWARD = 4096;
const PEM_FORWARD = 32_768;
/**
 * A bounded pattern that looks further than this forward is about a name and its value, which stand on so many lines:
 * whatever comes later cannot be meant.
 */
const WIDE_FORWARD = 192;
const WIDE_LINES = 4;
/** Armoured keys that look further than this stop at their next keyword: a second BEGIN starts another key. */
const STOP_AT_NEXT = 1024;

export interface ReachRequest {
  /** Lower case. */
  readonly keywords: readonly string[];
  /** The rule's own `reach`, for open patterns. */
  readonly forward?: number | undefined;
  /** The rule's own `lines`. */
  readonly lines?: number | undefined;
  readonly pem: boolean;
}

export interface ProvenReach {
  readonly reach: Reach;
  /** Why the rule is nonlocal; absent for the others. */
  readonly reason?: string;
}

const NONLOCAL: Reach = { class: 'nonlocal', back: 0, forward: 0, stopAtNext: false, lines: 0 };

export function reachOf(pattern: Re2Node, request: ReachRequest): ProvenReach {
  if (request.keywords.length === 0) return { reach: NONLOCAL, reason: 'it has no keywords' };
  const proof = proveKeywords(pattern, request.keywords);
  if (!proof.proven) {
    const example = JSON.stringify(proof.counterexample ?? '').slice(1, -1);
    return { reach: NONLOCAL, reason: `a match need not contain a keyword: the pattern takes '${example}'` };
  }
  const longest = maxBytes(pattern);
  if (longest <= MAX_BOUNDED) {
    if (proof.before > MAX_BACK) {
      return {
        reach: NONLOCAL,
        reason: `${proof.before} bytes may stand before the keyword in a match, at most ${MAX_BACK} are allowed`,
      };
    }
    const lines = request.lines ?? (longest > WIDE_FORWARD ? WIDE_LINES : 0);
    return { reach: { class: 'bounded', back: proof.before, forward: longest, stopAtNext: false, lines } };
  }
  const forward = request.forward ?? (request.pem ? PEM_FORWARD : OPEN_FORWARD);
  return {
    reach: {
      class: 'open',
      back: Math.min(proof.before, MAX_BACK),
      forward,
      stopAtNext: request.pem && forward > STOP_AT_NEXT,
      lines: request.lines ?? 0,
    },
  };
}
