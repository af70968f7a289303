/**
 * Does every match of a pattern contain one of the keywords, and how many bytes can stand before it?
 *
 * The matches that are not known to contain one are kept as a set of *forms*: a whole string, or what a string begins
 * and ends with. Joining two parts joins their forms, and a form in which a keyword appears is dropped: its matches are
 * proven. If no form is left, the pattern is proven. Letters are compared in lower case; a letter that RE2 folds from
 * above ASCII (U+212A for k) counts as the letter, since a keyword's occurrence is ASCII by definition.
 */
import { asciiMembers, lowerMembers } from './char-set.ts';
import type { CharSet } from './char-set.ts';
import { maxBytes } from './length.ts';
import type { Re2Node } from './re2-node.ts';

export interface KeywordProof {
  /** True if every match contains a keyword. */
  readonly proven: boolean;
  /** Most bytes before the keyword in a match, over the keyword that was found first; Infinity if unbounded. */
  readonly before: number;
  /** A match without a keyword, or nearly one: for people. Absent if proven. */
  readonly counterexample?: string;
}

/** `whole`: the string itself is `head`. Else it begins with `head` and ends with `tail`. */
interface Form {
  readonly head: string;
  readonly tail: string;
  readonly whole: boolean;
  /** For people: one of the strings. */
  readonly sample: string;
}

interface Facts {
  readonly forms: readonly Form[];
  /** Most bytes before a proven keyword, or -1 if none was found. */
  readonly before: number;
}

const MAX_FORMS = 400;
const MAX_WHOLE = 80;
const MAX_MEMBERS = 12;
const MAX_SAMPLE = 60;

const EMPTY: Form = { head: '', tail: '', whole: true, sample: '' };
const NOTHING: Facts = { forms: [EMPTY], before: -1 };

/** `keywords` in lower case. */
export function proveKeywords(node: Re2Node, keywords: readonly string[]): KeywordProof {
  const prover = new Prover(keywords);
  const facts = prover.facts(node);
  const [open] = facts.forms;
  if (open === undefined) return { proven: true, before: Math.max(facts.before, 0) };
  const shortest = facts.forms.reduce((a, b) => (b.sample.length < a.sample.length ? b : a), open);
  return { proven: false, before: Infinity, counterexample: shortest.sample };
}

class Prover {
  readonly #keywords: readonly string[];
  readonly #edge: number;

  constructor(keywords: readonly string[]) {
    this.#keywords = keywords;
    this.#edge = keywords.reduce((most, { length }) => Math.max(most, length - 1), 0);
  }

  facts(node: Re2Node): Facts {
    switch (node.type) {
      case 'assert':
        return NOTHING;
      case 'group':
        return this.facts(node.node);
      case 'char': {
        const members = lowerMembers(node.set);
        if (members === undefined || members.length > MAX_MEMBERS)
          return { forms: [any(memberOf(node.set))], before: -1 };
        return this.#settled(
          members.map((c) => ({ head: c, tail: c, whole: true, sample: c })),
          -1,
        );
      }
      case 'alternate': {
        const branches = node.nodes.map((child) => this.facts(child));
        return this.#settled(
          branches.flatMap((b) => b.forms),
          Math.max(...branches.map((b) => b.before)),
        );
      }
      case 'concat': {
        let left: Facts = NOTHING;
        let bytes = 0;
        for (const child of node.nodes) {
          if (left.forms.length === 0) break;
          left = this.#join(left, bytes, this.facts(child));
          bytes += maxBytes(child);
        }
        return left;
      }
      case 'repeat':
        return this.#repeated(node.node, node.min, node.max);
    }
  }

  #repeated(node: Re2Node, min: number, max: number): Facts {
    if (max === 0) return NOTHING;
    const once = this.facts(node);
    const size = maxBytes(node);
    let facts: Facts = NOTHING;
    let copies = 0;
    // Beyond the edge of the longest keyword further copies add nothing but their last characters.
    for (; copies < min && copies < this.#edge + 2 && facts.forms.length > 0; copies++)
      facts = this.#join(facts, times(size, copies), once);
    if (facts.forms.length === 0) return facts;
    if (copies < min || max > min) {
      const rest = max - copies;
      const sample = (once.forms[0]?.sample ?? '').repeat(Math.min(min - copies, MAX_SAMPLE));
      const forms = [{ ...EMPTY, sample }, ...(rest === 1 ? once.forms : this.#open(once, min - copies))];
      // The keyword may stand in the last copy of all.
      const before = once.before < 0 ? -1 : times(size, rest - 1) + once.before;
      facts = this.#join(facts, times(size, copies), { forms, before });
    }
    return facts;
  }

  /** Two or more copies: each begins as one copy begins and ends as one ends, but what is between is not known. */
  #open(once: Facts, least: number): readonly Form[] {
    const [first] = once.forms;
    if (first === undefined) return [];
    const sample = first.sample.repeat(Math.min(Math.max(2, least), MAX_SAMPLE));
    const heads = new Set(once.forms.map((f) => this.#head(f.head)));
    const tails = new Set(once.forms.map((f) => this.#tail(f.tail)));
    if (heads.size * tails.size > MAX_FORMS / 4) return [any(sample)];
    const forms: Form[] = [];
    for (const head of heads) for (const tail of tails) forms.push({ head, tail, whole: false, sample });
    return forms;
  }

  #join(left: Facts, leftBytes: number, right: Facts): Facts {
    // A match whose left part is proven needs nothing from the right; else the right's keyword stands after all of the left.
    let before = left.before;
    if (left.forms.length > 0 && right.before >= 0) before = Math.max(before, leftBytes + right.before);
    const forms: Form[] = [];
    if (left.forms.length * right.forms.length > MAX_FORMS * 16)
      return { forms: [any(left.forms[0]?.sample ?? '')], before };
    for (const l of left.forms) {
      for (const r of right.forms) {
        const seam = l.tail + r.head;
        const found = this.#find(seam);
        if (found === undefined) forms.push(this.#joined(l, r));
        else before = Math.max(before, l.whole ? found : Math.max(0, leftBytes - l.tail.length + found));
      }
    }
    return this.#settled(forms, before);
  }

  /** Where the first keyword begins in `text`. */
  #find(text: string): number | undefined {
    let first: number | undefined;
    for (const keyword of this.#keywords) {
      const at = text.indexOf(keyword);
      if (at >= 0 && at < (first ?? Infinity)) first = at;
    }
    return first;
  }

  #joined(l: Form, r: Form): Form {
    const sample = (l.sample + r.sample).slice(0, MAX_SAMPLE);
    if (l.whole && r.whole && l.head.length + r.head.length <= MAX_WHOLE) {
      const text = l.head + r.head;
      return { head: text, tail: text, whole: true, sample };
    }
    return {
      head: this.#head(l.whole ? l.head + r.head : l.head),
      tail: this.#tail(r.whole ? l.tail + r.tail : r.tail),
      whole: false,
      sample,
    };
  }

  #head(text: string): string {
    return text.slice(0, this.#edge);
  }

  #tail(text: string): string {
    return this.#edge === 0 ? '' : text.slice(-this.#edge);
  }

  /** Drops forms that hold a keyword (of one character, or whole literals), doubles, and too many. */
  #settled(forms: readonly Form[], before: number): Facts {
    const kept = new Map<string, Form>();
    let most = before;
    for (const form of forms) {
      const found = form.whole ? this.#find(form.head) : undefined;
      if (found !== undefined) {
        most = Math.max(most, found);
        continue;
      }
      const key = `${form.whole ? 'w' : 'o'}${form.head}\0${form.tail}`;
      const same = kept.get(key);
      if (same === undefined || form.sample.length < same.sample.length) kept.set(key, form);
    }
    const all = [...kept.values()];
    return { forms: all.length > MAX_FORMS ? [any(all[0]?.sample ?? '')] : all, before: most };
  }
}

/** Without the NaN of nothing times infinity. */
function times(size: number, count: number): number {
  return size === 0 || count === 0 ? 0 : size * count;
}

function any(sample: string): Form {
  return { head: '', tail: '', whole: false, sample };
}

/** Any one character of the set, a plain one if there is one. */
function memberOf(set: CharSet): string {
  const members = asciiMembers(set);
  return members.find((c) => c === 'x' || c === '0') ?? members.find((c) => c > ' ') ?? members[0] ?? '…';
}
