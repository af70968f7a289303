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
  /** The match that begins at `at`, if there is one: RE2 stops as soon as there cannot be. */
  execAt(bytes: Uint8Array, at: number): PatternMatch | undefined;
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

/**
 * `use` says which of the two searches will be asked for: RE2 has a program of its own for each, and the other is built
 * only if it is needed.
 * @throws PatternError with one line that says what RE2 does not take.
 */
export function compile(source: string, use: 'search' | 'anchored' = 'search'): Pattern {
  let searching = use === 'search' ? build(source, 'gd') : undefined;
  let anchored = use === 'anchored' ? build(source, 'dy') : undefined;
  return {
    source,
    exec: (bytes, from) => run((searching ??= build(source, 'gd')), bytes, from),
    execAt: (bytes, at) => run((anchored ??= build(source, 'dy')), bytes, at),
    test(bytes) {
      const re = (searching ??= build(source, 'gd'));
      re.lastIndex = 0;
      return re.test(bytes);
    },
  };
}

type Engine = typeof RE2.prototype;

function run(re: Engine, bytes: Uint8Array, from: number): PatternMatch | undefined {
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
}

function build(source: string, flags: 'gd' | 'dy'): Engine {
  try {
    return new RE2(source, flags);
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
