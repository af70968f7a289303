/**
 * The one door to RE2. Everything that runs a pattern over scanned bytes goes through `compile`; there is no fall-back
 * to another engine. Patterns are RE2 syntax; positions are bytes.
 */
import RE2 from 're2';
import type { Span } from '../types/index.ts';

export interface PatternMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: Readonly<Record<string, Span>>;
  /** Numbered groups from 1 on; `undefined` where a group took no part. */
  readonly numbered: readonly (Span | undefined)[];
}

export interface Pattern {
  readonly source: string;
  /** Leftmost-first match at or after `from`; `\b` and `^` see the bytes before it. `bytes` are read as UTF-8. */
  exec(bytes: Uint8Array, from: number): PatternMatch | undefined;
  test(bytes: Uint8Array): boolean;
}

export class PatternError extends Error {
  readonly code = 'BAD_PATTERN';
  readonly pattern: string;
  constructor(pattern: string, message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'PatternError';
    this.pattern = pattern;
  }
}

/** @throws PatternError with one line that says what RE2 does not take. */
export function compile(source: string): Pattern {
  const re = build(source);
  return {
    source,
    exec(bytes, from) {
      re.lastIndex = from;
      const found = re.exec(bytes);
      if (found === null || found.indices === undefined) return undefined;
      const whole = found.indices[0];
      if (whole === undefined) return undefined;
      const groups: Record<string, Span> = {};
      for (const [name, at] of Object.entries(found.indices.groups ?? {})) {
        if (at !== undefined) groups[name] = { start: at[0], end: at[1] };
      }
      const numbered: (Span | undefined)[] = [];
      for (let i = 1; i < found.indices.length; i++) {
        const at = found.indices[i];
        numbered.push(at === undefined ? undefined : { start: at[0], end: at[1] });
      }
      return { start: whole[0], end: whole[1], groups, numbered };
    },
    test(bytes) {
      re.lastIndex = 0;
      return re.test(bytes);
    },
  };
}

type Engine = typeof RE2.prototype;

function build(source: string): Engine {
  try {
    return new RE2(source, 'gd');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PatternError(source, explain(source, reason), cause);
  }
}

const LOOKAROUND = ['(?=', '(?!', '(?<=', '(?<!'];

function explain(source: string, reason: string): string {
  const found = LOOKAROUND.find((opening) => source.includes(opening));
  if (found !== undefined) return `RE2 has no look-around: rewrite the pattern without ${found}…)`;
  return `RE2 does not take this pattern: ${reason.replaceAll(/\s+/g, ' ')}`;
}
