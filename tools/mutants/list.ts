/** Wrong engines. Each change is an exact text that stands in its file once; `file` is below packages/core. */
export interface Mutant {
  readonly name: string;
  readonly changes: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

const OCCURRENCES = 'assembly/occurrences.ts';
const WEIGH = 'assembly/weigh.ts';
const BASE64 = 'assembly/base64.ts';
const REGIONS = 'assembly/regions.ts';
const QUIET = 'assembly/quiet.ts';
const TABLES = 'src/engine/tables.ts';
const PASS = 'src/engine/pass.ts';
const EVALUATE = 'src/engine/evaluate.ts';
const SCANNER = 'src/engine/scanner.ts';

function change(name: string, file: string, from: string, to: string): Mutant {
  return { name, changes: [{ file, from, to }] };
}

/** Only what passes a test is remembered of a text. */
function forgetting(name: string, imports: string, test: string): Mutant {
  return {
    name,
    changes: [
      {
        file: SCANNER,
        from: 'bytes: view }, memory };',
        to: `bytes: view }, memory: memory && { ...memory, records: new Map([...memory.records].filter(([, r]) => ${test})) } };`,
      },
      ...(imports === ''
        ? []
        : [
            {
              file: SCANNER,
              from: "import { finish } from './finish.ts';",
              to: `import { finish } from './finish.ts';\n${imports}`,
            },
          ]),
    ],
  };
}

export const MUTANTS: readonly Mutant[] = [
  // What a slice is.
  change(
    'guard on the left: not for the rule',
    WEIGH,
    ': keyword - load<i32>(entry, 4) - 1;',
    ': keyword - load<i32>(entry, 4);',
  ),
  change('guard on the left: not for the anchor', TABLES, 'entry.back + 1 + offset', 'entry.back + offset'),
  change('guard on the right: not for the rule', WEIGH, 'reachesTo - beyond >= to)', 'reachesTo - beyond >= to - 1)'),
  change(
    'guard on the right: not for the anchor',
    TABLES,
    'entry.forward + 1 + (entry.stopAtNext ? longestKeyword : 0) - offset',
    'entry.forward + (entry.stopAtNext ? longestKeyword : 0) - offset',
  ),
  change('the text begins wherever a copy begins it', WEIGH, 'source == 0 && start == 0 ?', 'start == 0 ?'),
  change("the text begins wherever the base's beginning is", WEIGH, 'source == 0 && start == 0 ?', 'source == 0 ?'),
  change(
    'the text ends wherever a copy ends it',
    WEIGH,
    'end == length && end + shift == baseLength ?',
    'end == length ?',
  ),
  change(
    "the text ends wherever the base's end is",
    WEIGH,
    'end == length && end + shift == baseLength ?',
    'end + shift == baseLength ?',
  ),
  change(
    'atEnd: the slice ends where the text does',
    EVALUATE,
    'atEnd: !stops && wanted > bytes.length',
    'atEnd: !stops && hi === bytes.length',
  ),
  change('a match that touches the slice end is whole', EVALUATE, 'found.end < hi || atEnd', 'found.end <= hi'),
  change(
    'search goes on behind a match that does not hold the keyword',
    EVALUATE,
    'from = found.start + 1;',
    'from = Math.max(found.end, found.start + 1);',
  ),
  change('the first match is the result', EVALUATE, 'if (found.end >= keywordEnd) {', 'if (found.end >= keywordAt) {'),
  change(
    'where the next keyword stands does not matter',
    WEIGH,
    '(flags & STOP_AT_NEXT) != 0 ? longestKeyword : 0',
    '0',
  ),

  // Lines.
  change(
    'lines before the keyword do not matter when copied',
    WEIGH,
    'linesFrom == from && ownLines != 0 ? from - 1',
    'linesFrom == from && ownLines != 0 ? keyword',
  ),
  change(
    'the line feed before the lines does not matter',
    WEIGH,
    'linesFrom == from && ownLines != 0 ? from - 1',
    'linesFrom == from && ownLines != 0 ? from',
  ),
  change(
    'one line less behind the keyword when copied',
    WEIGH,
    'position + load<i32>(anchor, 28)), lines);',
    'position + load<i32>(anchor, 28)), max(1, lines - 1));',
  ),
  change(
    'lines are not counted behind the keyword',
    EVALUATE,
    '      hi = end;\n      stops = true;',
    '      stops = false;',
  ),
  change('lines are not counted before the keyword', EVALUATE, 'const LINES_BEFORE = 2;', 'const LINES_BEFORE = 3;'),

  // What is found and taken over.
  change(
    'gaps are widened by a byte too few',
    OCCURRENCES,
    'const margin = longestAnchor - 1;',
    'const margin = longestAnchor - 2;',
  ),
  change(
    'a seam without an insert is no gap',
    OCCURRENCES,
    'if (start > at || (i > 0 && i < runCount)) {',
    'if (start > at) {',
  ),
  change(
    'an occurrence may stand out of its run',
    OCCURRENCES,
    '* ANCHOR_BYTES, 12) > end) continue;',
    '* ANCHOR_BYTES, 4) > end + 1) continue;',
  ),
  change('a place is not shifted', OCCURRENCES, 'store<i32>(to, position + shift);', 'store<i32>(to, position);'),
  change(
    'anchor in its keyword: a byte off',
    WEIGH,
    'const keyword = position - load<i32>(entry, 20);',
    'const keyword = position - load<i32>(entry, 20) + (load<i32>(entry, 20) > 0 ? 1 : 0);',
  ),
  change(
    'of a long keyword, only the anchor is compared',
    WEIGH,
    'return whole == 0 || equalsFolded(text + keyword, whole, load<u32>(entry, 16));',
    'return true;',
  ),
  change(
    'the mark of a result is not carried on',
    OCCURRENCES,
    'store<u32>(to, anchor, 4);',
    'store<u32>(to, anchor & 0x7fffffff, 4);',
  ),
  change('the mark of a result is not set', PASS, 'scan.markHot(occurrence);', ''),
  change('keywords of rules over whole texts are taken over', WEIGH, 'load<i32>(anchor, 24) >= 0 &&', ''),
  change(
    'cuts are not taken over',
    PASS,
    'if (base?.cuts.has(from) === true)',
    'if (base?.cuts.has(key) === true && base.records.has(key))',
  ),
  change(
    'one result for a place, whatever the keyword',
    'src/engine/text-memory.ts',
    'return keywordAt * MAX_ENTRIES + entry;',
    'return keywordAt * MAX_ENTRIES + (entry & 0);',
  ),
  change(
    'what is known of a slice holds for any keyword',
    'assembly/memo.ts',
    'if (load<u32>(slot) != entry + 1 || ',
    'if (load<u32>(slot) == 0 || ',
  ),
  change('what is known of a slice holds at any end', 'assembly/memo.ts', ' | ((atEnd ? 1 : 0) << 24)', ''),
  change(
    'what is known of a slice is looked for where others lie by now',
    'assembly/memo.ts',
    'if (count - place > KEPT_BYTES) return UNKNOWN;',
    '',
  ),
  change(
    'copies are joined by their target alone',
    'assembly/delta.ts',
    'if (from == source && out == target && run >= runs) {',
    'if (out == target && run >= runs) {',
  ),

  // What is kept of a text.
  change(
    'one record for each hit',
    PASS,
    'if (result.found !== undefined) (this.#records ??= new Map()).set(key, { at, found: result.found });',
    `const { found } = result;
    if (found === undefined) return;
    for (const old of this.#records?.values() ?? [])
      if (old.found.program === rule && old.at + old.found.secret.start === at + found.secret.start) return;
    (this.#records ??= new Map()).set(key, { at, found });`,
  ),
  forgetting(
    'hits that others cover are forgotten',
    '',
    'hits.some((hit) => hit.found === r.found) || ![...memory.records.values()].some((o) => o !== r && o.at + o.found.secret.start <= r.at + r.found.secret.start && o.at + o.found.secret.end >= r.at + r.found.secret.end)',
  ),
  forgetting(
    'what lacks a companion is forgotten',
    "import { findCompanions } from './companions.ts';",
    'findCompanions(view, r) !== undefined',
  ),
  forgetting(
    'what its line allows is forgotten',
    '',
    'r.found.program.allow.length === 0 || hits.some((hit) => hit.found === r.found)',
  ),
  change(
    'the limit of hits is one of records',
    PASS,
    'records: this.#records ?? NO_RECORDS,',
    'records: new Map([...(this.#records ?? NO_RECORDS)].slice(0, 1000)),',
  ),

  // Decoders.
  change(
    'the byte before a run does not matter',
    BASE64,
    '  if (i == 0 || load<u8>(text + i - 1) != 0x0a) return i - 1;\n',
    '  if (i == 0 || load<u8>(text + i - 1) != 0x0a) return start;\n',
  ),
  change(
    'the line before a run does not matter',
    BASE64,
    '  while (i > 0 && isDigit(i - 1)) i--;\n  return i - 1;',
    '  return i - 1;',
  ),
  change('the byte behind a run does not matter', REGIONS, 'return to > end && !(', 'return to > end + 1 && !('),
  change(
    'the byte before a region does not matter',
    REGIONS,
    'if (from < target && !(source == 0 && target == 0)) return true;',
    'if (from < target - 1 && !(source == 0 && target == 0)) return true;',
  ),
  change(
    'lines of base64 behind an edit are not looked at',
    BASE64,
    '    if (lineAfter(place) < 0 || (!isFirst && place - start < MIN_LINE)) return place;',
    '    return place;',
  ),
  change(
    'lines of base64 before an edit are not looked at',
    BASE64,
    '    if (before - start < MIN_LINE) return place;\n    place = start;',
    '    return place;',
  ),
  change('regions that were copied are not taken over', REGIONS, '  takeOver(hotAt, hots);\n', ''),
  change(
    'regions are taken over wherever they end',
    REGIONS,
    'if (from < first || to > last) continue;',
    'if (from < first) continue;',
  ),
  change(
    'regions are taken over wherever they begin',
    REGIONS,
    'if (from < first || to > last) continue;',
    'if (to > last) continue;',
  ),
  change('NUL is looked for in what is new alone', REGIONS, 'hasNul = count > 0 && baseHasNul;', 'hasNul = false;'),
  change(
    'what a text of too long runs has is taken over',
    'src/engine/regions.ts',
    'known.dependsOnWhole ? undefined : base',
    'base',
  ),

  // What lies deep in a run.
  change(
    'what lies near the beginning of a run is deep in it',
    WEIGH,
    'deepFrom = reachesFrom == start ? start + nearBack : start;',
    'deepFrom = start;',
  ),
  change(
    'what lies near the end of a run is deep in it',
    WEIGH,
    'end - max(nearForward, longestAnchor)',
    'end - longestAnchor',
  ),
  change('rules that look far are as near as others', WEIGH, '(marked & (HOT | FAR)) == 0', '(marked & HOT) == 0'),

  // Where no region can be near.
  change(
    'a run of base64 counts from 32 bytes on',
    QUIET,
    '(eight >> 8) & (eight >> 16)) != 0',
    '(eight >> 8) & (eight >> 16) & (eight >> 24)) != 0',
  ),
  change('a run that an edit ends does not count', QUIET, '      if (!endsLeft(digits)) near |= MAYBE_BASE64;\n', ''),
  change(
    'the line above an edit does not count',
    QUIET,
    '  return own + gap + <i32>clz(~(bits << gap)) < VIEW;',
    '  return true;',
  ),
  change(
    'the line below an edit does not count',
    QUIET,
    '  return seen + below + <i32>ctz(~(bits >> below)) < VIEW;',
    '  return true;',
  ),
  change(
    'a run that an edit begins does not count',
    QUIET,
    'near |= MAYBE_BASE64;\n  return near;',
    ';\n  return near;',
  ),
  change('a long word before an edit holds no escape', QUIET, 'stopBits32(text + from - VIEW) == 0 || ', ''),
  change('a long word behind an edit holds no escape', QUIET, ' || stopBits32(text + to) == 0', ''),
  change(
    'a NUL begins nothing',
    QUIET,
    '(load<u8>(text + place) == 0 || isEscape(text, place, length))',
    'isEscape(text, place, length)',
  ),

  // Readers.
  change(
    'a text derives from whatever was kept there',
    'src/sources/git/pack-delta-reader.ts',
    ' && kept[depth - 1] === forest.base[entry]',
    '',
  ),
];
