/** The named character classes of RE2. */
import type { Range } from './char-set.ts';

const DIGIT: readonly Range[] = [[48, 57]];
const UPPER: readonly Range[] = [[65, 90]];
const LOWER: readonly Range[] = [[97, 122]];
const WORD: readonly Range[] = [...DIGIT, ...UPPER, [95, 95], ...LOWER];
/** Without the vertical tab, unlike POSIX `[:space:]`. */
const SPACE: readonly Range[] = [
  [9, 10],
  [12, 13],
  [32, 32],
];

/** By lower-case letter; the upper-case letter is the complement. */
export const PERL_CLASSES: Readonly<Record<string, readonly Range[]>> = { d: DIGIT, s: SPACE, w: WORD };

export const POSIX_CLASSES: Readonly<Record<string, readonly Range[]>> = {
  alnum: [...DIGIT, ...UPPER, ...LOWER],
  alpha: [...UPPER, ...LOWER],
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: DIGIT,
  graph: [[33, 126]],
  lower: LOWER,
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: UPPER,
  word: WORD,
  xdigit: [...DIGIT, [65, 70], [97, 102]],
};

/** The two characters above ASCII that RE2 folds to ASCII letters (s and k). */
const FOLDED = [0x17f, 0x212a] as const;

/**
 * A Unicode category or script. Its ASCII members and the two that fold to ASCII are exact; above it is taken to hold
 * everything, which is what the analyses need (they bound from above). A name that JavaScript does not know counts as
 * everything.
 */
export function unicodeClass(name: string): readonly Range[] {
  const property = propertyOf(name);
  const holds = (c: number): boolean => property === undefined || property.test(String.fromCodePoint(c));
  const ranges: Range[] = [
    [128, FOLDED[0] - 1],
    [FOLDED[0] + 1, FOLDED[1] - 1],
    [FOLDED[1] + 1, 0x10ffff],
  ];
  for (let c = 0; c < 128; c++) if (holds(c)) ranges.push([c, c]);
  for (const c of FOLDED) if (holds(c)) ranges.push([c, c]);
  return ranges;
}

function propertyOf(name: string): RegExp | undefined {
  if (name === 'Any') return /[^]/u;
  for (const source of [`^\\p{${name}}$`, `^\\p{Script=${name}}$`]) {
    try {
      return new RegExp(source, 'u');
    } catch {
      continue;
    }
  }
  return undefined;
}
