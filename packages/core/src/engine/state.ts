/**
 * What is known of one text before anything looks outside a match: records and decoded regions. `finish` makes hits of
 * it. The split is what lets a delta take over the records of its base (docs/architecture.md).
 */
import type { Span } from '../types/index.ts';
import type { RuleProgram } from './program.ts';

/**
 * What one rule found at a keyword, with places counted from the keyword's start: so that it is the same object wherever
 * the same bytes stand.
 */
export interface Found {
  readonly program: RuleProgram;
  readonly match: Span;
  readonly secret: Span;
  readonly groups: Readonly<Record<string, Span>>;
}

/** One raw result of one rule at one keyword occurrence; not deduplicated. */
export interface EngineRecord {
  /** Where the keyword stands; the match start for nonlocal rules. */
  readonly at: number;
  readonly found: Found;
}

/** A place counted from a record's keyword, as one of the text. */
export function spanAt(record: EngineRecord, span: Span): Span {
  return { start: record.at + span.start, end: record.at + span.end };
}

/** A region that was decoded and had a result, with places counted from its start. */
export interface DecodedPart {
  /** `base64`, `hex`, `percent`, `unicode`, `html`, `escapes` (several kinds at once), `utf-16`. */
  readonly decoder: string;
  /** Number of the kernel's; two regions of a text differ in kind or start. */
  readonly kind: number;
  readonly extent: Span;
  readonly bytes: Uint8Array;
  /** A span of `bytes` → the smallest span that encodes it. */
  map(span: Span): Span;
  readonly state: TextState;
  /** The region is longer than is decoded. */
  readonly limited: boolean;
}

export interface DecodedRegion {
  readonly start: number;
  readonly part: DecodedPart;
}

export interface TextState {
  /** By keyword. */
  readonly records: readonly EngineRecord[];
  readonly decoded: readonly DecodedRegion[];
  /** Ids of open rules that reached their cap. */
  readonly cut: readonly string[];
  readonly decodeLimited: boolean;
}
