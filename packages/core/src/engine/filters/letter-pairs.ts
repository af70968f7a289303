/**
 * How likely one letter follows another in words, against chance. Row: the first letter, column: the second; digit d
 * stands for d − 5 = log2 of (how often the pair occurs / how often it would if all letters were equally frequent),
 * rounded. Counted once over the distinct words (log-weighted, three letters or more) of the identifiers and comments in
 * TypeScript's and Node.js's own declaration files, so it knows both English and the vocabulary of programs.
 */
const PAIRS: readonly string[] = [
  '25651250504756050667433140', // a
  '71417100643801631664601040', // b
  '71427006506531720537510030', // c
  '51258323700523630461520030', // d
  '52674431220557253775242520', // e
  '60317601800512700544600150', // f
  '51408256700546600654620022', // g
  '70028010703042721635400030', // h
  '54655550002658650566050204', // i
  '63338333333333633373635333', // j
  '54359321711345141173513121', // k
  '63248322701710630155531060', // l
  '75028010702352670042400010', // m
  '61666471504324520267441030', // n
  '34552440404568450755545211', // o
  '70137214503600760756510030', // p
  '22222222222722422222924222', // q
  '71448340704454620566432050', // r
  '50517305603433562267603040', // s
  '60428316800421530665403150', // t
  '55546440500667150777110200', // u
  '70209000700200600022100000', // v
  '72036036702406600652004000', // w
  '61717411711411111381118111', // x
  '34415421611567581365314113', // y
  '72229222622522222252222242', // z
];

const TABLE: Int8Array = Int8Array.from(
  PAIRS.flatMap((row) => Array.from({ length: 26 }, (_, i) => row.charCodeAt(i) - 0x35)),
);

/** Sum over the letter pairs of a lower-case ASCII word. Positive for words, negative for random letters. */
export function wordScore(word: Uint8Array): number {
  let score = 0;
  for (let i = 1; i < word.length; i++) {
    score += TABLE[((word[i - 1] as number) - 0x61) * 26 + (word[i] as number) - 0x61] ?? 0;
  }
  return score;
}
