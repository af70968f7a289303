/** The named character classes of RE2. */
import { complement } from './char-set.ts';
import type { Range } from './char-set.ts';

const DIGIT: readonly Range[] = [[48, 57]];
const UPPER: readonly Range[] = [[65, 90]];
const LOWER: readonly Range[] = [[97, 122]];
const WORD: readonly Range[] = [...DIGIT, ...UPPER, [95, 95], ...LOWER];
/** Without the vertical tab, unlike POSIX `[:space:]`. */
const SPACE: readonly Range[] = [[9, 10], [12, 13], [32, 32]];

export const PERL_CLASSES: Readonly<Record<string, readonly Range[]>> = {
  d: DIGIT,
  D: complement(DIGIT),
  s: SPACE,
  S: complement(SPACE),
  w: WORD,
  W: complement(WORD),
};

export const POSIX_CLASSES: Readonly<Record<string, readonly Range[]>> = {
  alnum: [...DIGIT, ...UPPER, ...LOWER],
  alpha: [...UPPER, ...LOWER],
  ascii: [[0, 127]],
  blank: [[9, 9], [32, 32]],
  cntrl: [[0, 31], [127, 127]],
  digit: DIGIT,
  graph: [[33, 126]],
  lower: LOWER,
  print: [[32, 126]],
  punct: [[33, 47], [58, 64], [91, 96], [123, 126]],
  space: [[9, 13], [32, 32]],
  upper: UPPER,
  word: WORD,
  xdigit: [...DIGIT, [65, 70], [97, 102]],
};

const ABOVE_ASCII: Range = [128, 0x10ffff];

/**
 * A Unicode category or script. Its ASCII members are exact; above ASCII it is taken to hold everything, which is what
 * the analyses need (they bound from above). A name that JavaScript does not know counts as everything.
 */
export function unicodeClass(name: string, negated: boolean): readonly Range[] {
  const property = propertyOf(name);
  const ranges: Range[] = [ABOVE_ASCII];
  for (let c = 0; c < 128; c++) {
    if (property === undefined || property.test(String.fromCharCode(c)) !== negated) ranges.push([c, c]);
  }
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
