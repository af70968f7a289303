/** Patterns that may never be needed. */
import { loosen } from './loosen.ts';
import { lazily, PatternError, type Pattern, type PatternMatch } from './regex.ts';

/**
 * A pattern that is compiled when it is first asked. Most patterns that are asked match nowhere in what is scanned, and
 * compiling one takes as long as hundreds of questions, so it begins as a looser pattern, a quarter of the work; only if that
 * matches somewhere is the pattern itself compiled and asked, from then on. `owner`: whose it is, for errors.
 */
export function compileLater(source: string, owner?: string): Pattern {
  const exact = lazily(source, owner);
  const loose = loosen(source);
  return loose === undefined ? exact : new GuardedPattern(exact, lazily(loose));
}

class GuardedPattern implements Pattern {
  readonly source: string;
  readonly #exact: Pattern;
  #guard: Pattern | undefined;

  constructor(exact: Pattern, guard: Pattern) {
    this.source = exact.source;
    this.#exact = exact;
    this.#guard = guard;
  }

  search(bytes: Uint8Array, from: number, last: number): PatternMatch | undefined {
    if (this.#isRefused((guard) => guard.search(bytes, from, last) !== undefined)) return undefined;
    return this.#exact.search(bytes, from, last);
  }

  tryEach(bytes: Uint8Array, from: number, last: number): PatternMatch | undefined {
    if (this.#isRefused((guard) => guard.tryEach(bytes, from, last) !== undefined)) return undefined;
    return this.#exact.tryEach(bytes, from, last);
  }

  test(bytes: Uint8Array): boolean {
    return !this.#isRefused((guard) => guard.test(bytes)) && this.#exact.test(bytes);
  }

  #isRefused(matches: (guard: Pattern) => boolean): boolean {
    if (this.#guard === undefined) return false;
    try {
      if (!matches(this.#guard)) return true;
    } catch (error) {
      // It is not the guard's error that somebody should read.
      if (!(error instanceof PatternError)) throw error;
    }
    this.#guard = undefined;
    return false;
  }
}
