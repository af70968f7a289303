/**
 * What is known of one text before anything looks outside a match: records and decoded regions. `finish` makes hits of
 * it. The split is what lets a delta inherit the records of its base (docs/architecture.md).
 */
import type { Span } from '../types/index.ts';
import type { RuleProgram } from './program.ts';

/** One raw result of one rule at one keyword occurrence; not deduplicated. */
export interface EngineRecord {
  readonly program: RuleProgram;
  /** Where the keyword stands; the match start for nonlocal rules. */
  readonly keywordAt: number;
  readonly match: Span;
  readonly secret: Span;
  readonly groups: Readonly<Record<string, Span>>;
}

/** A region that was decoded and had records inside. */
export interface DecodedRegion {
  readonly decoder: string;
  /** All bytes of the text that decided where the region begins and ends. */
  readonly extent: Span;
  readonly region: Span;
  readonly bytes: Uint8Array;
  /** A span of `bytes` → the span of the text that encodes it. */
  map(span: Span): Span;
  readonly state: TextState;
}

export interface TextState {
  readonly records: readonly EngineRecord[];
  readonly decoded: readonly DecodedRegion[];
  /** Ids of open rules that reached their cap. */
  readonly cut: readonly string[];
  readonly decodeLimited: boolean;
}
