/**
 * What the prefilter looks for. A keyword of up to twelve bytes is its own anchor; of a longer one a part is, with the rest
 * compared where it turns up: the shorter the anchors, the less has to be looked at around every seam of a delta.
 */
import { FOLD, ascii } from '../bytes/ascii.ts';
import { FREQUENT_TRIGRAMS } from './frequent-trigrams.ts';

export const LONGEST_ANCHOR = 12;

/** Letters of source text from frequent to rare; what is not listed is rarer still. */
const FREQUENT = ' etaoinrslducmpfghyb_.\n"()-=,:;/vkw\'0x12>t<q{}[]j3456789*z';

const RARITY: Uint8Array = (() => {
  const t = new Uint8Array(256).fill(FREQUENT.length + 4);
  for (let i = FREQUENT.length - 1; i >= 0; i--) t[FREQUENT.charCodeAt(i)] = i;
  return t;
})();

/** More than any four letters have together. */
const STEP = 1024;

let ranks: ReadonlyMap<string, number> | undefined;

/** By three letters: their place among the frequent ones. */
function trigramRanks(): ReadonlyMap<string, number> {
  if (ranks !== undefined) return ranks;
  const made = new Map<string, number>();
  for (let i = 0; i < FREQUENT_TRIGRAMS.length; i += 3) made.set(FREQUENT_TRIGRAMS.slice(i, i + 3), i / 3);
  return (ranks = made);
}

/** Lower case, ASCII letters only. */
export function folded(keyword: string): Uint8Array {
  return ascii(keyword).map((b) => FOLD[b] ?? b);
}

/**
 * Offset of a keyword's anchor in it. `isFirst`: it must be the beginning, for rules that look for their own next keyword
 * in the order of occurrences.
 */
export function anchorOffset(keyword: Uint8Array, isFirst: boolean): number {
  if (keyword.length <= LONGEST_ANCHOR || isFirst) return 0;
  return Math.min(Math.max(0, rarestFragment(keyword) - 4), keyword.length - LONGEST_ANCHOR);
}

/**
 * Offset of the four bytes by which an anchor is found; of one of three bytes, 0. Those that text has least: both
 * groups of three in them are rare, and among equals, the single letters.
 */
export function rarestFragment(word: Uint8Array): number {
  let best = 0;
  let bestScore = -1;
  for (let o = 0; o + 4 <= word.length; o++) {
    let score = STEP * (rankAt(word, o) + rankAt(word, o + 1));
    for (let k = 0; k < 4; k++) score += RARITY[word[o + k] ?? 0] ?? 0;
    if (score > bestScore) {
      best = o;
      bestScore = score;
    }
  }
  return best;
}

function rankAt(word: Uint8Array, offset: number): number {
  const known = trigramRanks();
  return known.get(String.fromCharCode(...word.subarray(offset, offset + 3))) ?? known.size;
}
