/**
 * Which rules have to be asked about the occurrences of a text.
 *
 * A rule's result is the base's where everything that it may read, guard bytes included, lies in one run of copied bytes;
 * the first and last byte of a text have imaginary neighbours, which a run holds only if it maps start to start, or end to
 * end. Of all other occurrences, bytes decide whether RE2 is asked, unless the same bytes were asked before and nothing
 * came of them.
 */
import { endsOnLine } from './around';
import { passes, REFUSED_BY_NEXT } from './gates';
import { endOfLines, startOfLines } from './lines';
import { NO_RESULT, recall } from './memo';
import { equalsFolded } from './prefilter';
import {
  ANCHOR,
  ANCHOR_BYTES,
  anchors,
  entries,
  ENTRY_BYTES,
  FAR,
  HOT,
  longestAnchor,
  longestKeyword,
  nearBack,
  nearForward,
  NONLOCAL,
  STOP_AT_NEXT,
} from './tables';

/** What is told of an occurrence and a rule: 16 bytes: occurrence, keyword's position, `entry << 3 | one of these`, shift. */
const ASK: u32 = 0;
const INHERIT: u32 = 1;
/** Only told when everything is traced: which condition refused. */
const REFUSED: u32 = 2;

/** How many candidates the last call told, or would have. */
let told: i32 = 0;

export function candidateCount(): i32 {
  return told;
}

/** `list`: the `count` occurrences of the text, sorted. More candidates than `capacity` are counted, not told. */
export function weigh(
  text: usize,
  length: i32,
  baseLength: i32,
  runs: usize,
  runCount: i32,
  list: usize,
  count: i32,
  candidates: usize,
  capacity: i32,
  isTraced: bool,
): void {
  told = 0;
  let run = 0;
  let start = 0;
  let end = -1;
  let shift = 0;
  /** The run without bounds where it holds the text's own. */
  let reachesFrom = 0;
  let reachesTo = 0;
  /** Where in it nothing that is neither HOT nor FAR can differ from the base. */
  let deepFrom = 0;
  let deepTo = 0;
  for (let i = 0; i < count; i++) {
    const occurrence = list + ((<usize>i) << 3);
    const position = load<i32>(occurrence);
    const marked = load<u32>(occurrence, 4);
    if (position < deepTo && position >= deepFrom && (marked & (HOT | FAR)) == 0) continue;
    const anchor = anchors + <usize>(marked & ANCHOR) * ANCHOR_BYTES;
    if (position >= end) {
      while (run < runCount) {
        const at = runs + <usize>run * 12;
        start = load<i32>(at, 4);
        end = start + load<i32>(at, 8);
        if (end > position) {
          const source = load<i32>(at);
          shift = source - start;
          reachesFrom = source == 0 && start == 0 ? i32.MIN_VALUE : start;
          reachesTo = end == length && end + shift == baseLength ? i32.MAX_VALUE : end;
          deepFrom = reachesFrom == start ? start + nearBack : start;
          deepTo = reachesTo == end ? end - max(nearForward, longestAnchor) : end;
          break;
        }
        run++;
      }
    }
    const isCopied = run < runCount && position >= start && position + load<i32>(anchor, 12) <= end;
    const isHot = (marked & HOT) != 0;
    // An anchor of a rule that is run over whole texts has no reach.
    if (
      isCopied &&
      !isHot &&
      load<i32>(anchor, 24) >= 0 &&
      position - load<i32>(anchor, 24) >= reachesFrom &&
      reachesTo - load<i32>(anchor, 28) >= position
    )
      continue;
    const last = load<i32>(anchor, 20);
    let linesOf = -1;
    let lines = 0;
    /** Where the lines that matter begin and end; -1: out of every rule's reach. */
    let linesFrom = -1;
    let linesTo = -1;
    for (let e = load<i32>(anchor, 16); e < last; e++) {
      const entry = entries + <usize>e * ENTRY_BYTES;
      const flags = load<u32>(entry, 12);
      const keyword = position - load<i32>(entry, 20);
      const keywordEnd = keyword + load<i32>(entry, 16);
      if ((flags & NONLOCAL) != 0) {
        if (stands(text, length, entry, keyword, keywordEnd))
          tell(candidates, capacity, i, keyword, ((<u32>e) << 3) | ASK, 0);
        continue;
      }
      let from = max(0, keyword - load<i32>(entry, 4));
      let to = keyword + load<i32>(entry, 8) + 1;
      // Most end here, and nobody has to look for lines.
      if (!isCopied && !stands(text, length, entry, keyword, keywordEnd)) continue;
      if (!isCopied && !isTraced && endsOnLine(text, entry, keywordEnd, min(length, to))) continue;
      const ownLines = load<i32>(entry, 44);
      if (ownLines != 0) {
        if (keyword < 0) continue;
        if (linesOf != keyword || lines != ownLines) {
          linesOf = keyword;
          lines = ownLines;
          linesFrom = startOfLines(text, keyword, max(0, keyword - load<i32>(anchor, 24)), LINES_BEFORE);
          linesTo = endOfLines(text, keyword, min(length, position + load<i32>(anchor, 28)), lines);
        }
        if (linesFrom > from) from = linesFrom;
        if (linesTo >= 0 && linesTo <= to) to = linesTo;
      }
      if (isCopied) {
        const first = linesFrom == from && ownLines != 0 ? from - 1 : keyword - load<i32>(entry, 4) - 1;
        const beyond = (flags & STOP_AT_NEXT) != 0 ? longestKeyword : 0;
        if (first >= reachesFrom && reachesTo - beyond >= to) {
          if (isHot) tell(candidates, capacity, i, keyword, ((<u32>e) << 3) | INHERIT, shift);
          continue;
        }
      }
      if (isCopied && !stands(text, length, entry, keyword, keywordEnd)) continue;
      // The last byte of a slice that ends before the text is there for `$` and the like alone.
      const refused = passes(text, length, entry, keyword, keywordEnd, from, min(length, to - 1), min(length, to));
      if (refused == 0) {
        if (!isTraced && (flags & STOP_AT_NEXT) == 0) {
          // What ends with a line ends within the text.
          const hi = min(length, to);
          const known = recall(e, text, max(0, from - 1), hi, keyword, to > length, from == 0);
          if (known == NO_RESULT) continue;
        }
        tell(candidates, capacity, i, keyword, ((<u32>e) << 3) | ASK, 0);
      } else if (isTraced)
        tell(candidates, capacity, i, keyword, ((<u32>e) << 3) | (REFUSED + <u32>(refused - REFUSED_BY_NEXT)), 0);
    }
  }
}

/** The keyword's line and the one before it. */
const LINES_BEFORE: i32 = 2;

/** Whether the whole keyword of an entry stands where its anchor was found. */
function stands(text: usize, length: i32, entry: usize, keyword: i32, keywordEnd: i32): bool {
  if (keyword < 0 || keywordEnd > length) return false;
  const whole = <usize>load<u32>(entry, 24);
  return whole == 0 || equalsFolded(text + keyword, whole, load<u32>(entry, 16));
}

function tell(candidates: usize, capacity: i32, occurrence: i32, keyword: i32, what: u32, shift: i32): void {
  if (told < capacity) {
    const at = candidates + ((<usize>told) << 4);
    store<i32>(at, occurrence);
    store<i32>(at, keyword, 4);
    store<u32>(at, what, 8);
    store<i32>(at, shift, 12);
  }
  told++;
}
