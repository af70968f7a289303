/** Small rules whose reach is stated, for tests that put edits where they hurt. */
import { testRule } from '../../packages/core/src/engine/test-rules.ts';
import type { Rule } from '../../packages/core/src/types/index.ts';

/** The pattern's longest match fits `forward`. */
export function bounded(id: string, keywords: readonly string[], pattern: string, back: number, forward: number): Rule {
  return testRule({ id, keywords, pattern, reach: { class: 'bounded', back, forward, stopAtNext: false, lines: 0 } });
}

/** The pattern is cut off at `forward`. */
export function open(
  id: string,
  keywords: readonly string[],
  pattern: string,
  back: number,
  forward: number,
  stopAtNext = false,
): Rule {
  return testRule({ id, keywords, pattern, reach: { class: 'open', back, forward, stopAtNext, lines: 0 } });
}

/** Run over whole texts that hold the keyword. */
export function nonlocal(id: string, keywords: readonly string[], pattern: string): Rule {
  return testRule({
    id,
    keywords,
    pattern,
    reach: { class: 'nonlocal', back: 0, forward: 0, stopAtNext: false, lines: 0 },
  });
}

/** A prefix, a body of known length, and a word's end on both sides. */
export const TOKEN: Rule = bounded('token', ['ghp_'], '\\b(?P<secret>ghp_[ab]{8})\\b', 0, 12);
