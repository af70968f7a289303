import type { Span } from '../types/index.ts';

/** One gate that a candidate passed or failed; what `unleak explain` prints. */
export interface TraceEvent {
  readonly rule: string;
  /** In the text, or in the decoded text when `decoded` names how it was reached. */
  readonly at: Span;
  readonly gate: string;
  readonly passed: boolean;
  readonly detail?: string;
}

export type Trace = (event: TraceEvent) => void;
