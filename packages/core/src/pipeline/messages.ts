/** What main thread and workers say to each other. Everything is structured-cloneable; no bytes of a secret unless asked for. */
import type { InlineMarker } from '../suppress/inline.ts';
import type { Hit, Job, NotScanned, Ruleset, TextFlags, TextId } from '../types/index.ts';

/** Settings of a scan that every worker needs. */
export interface TextScanSettings {
  readonly ruleset: Ruleset;
  readonly maxDecodeDepth: number;
  /** Use what sources say of how texts derive from one another; hits are the same without. */
  readonly inherit: boolean;
  /** Key of credential ids (project salt). */
  readonly salt: string;
  /** Name that keeps equal generic values of different projects apart; empty by default. */
  readonly repository: string;
  /** Per-user key of fingerprints. */
  readonly fingerprintKey: Uint8Array;
  /** Send secrets in clear, because the operator asked to see them. */
  readonly reveal: boolean;
  /** Whose inline comments count; empty: none. */
  readonly inlineMarkers: readonly InlineMarker[];
  /** Put the SHA-1 of secrets into hits, for a baseline that names them so. */
  readonly sha1: boolean;
}

/** What is known of one text with hits or flags. */
export interface TextReport {
  readonly text: TextId;
  readonly hits: readonly Hit[];
  readonly flags?: TextFlags;
}

export type ToWorker =
  | { readonly type: 'job'; readonly number: number; readonly job: Job }
  | { readonly type: 'abort' };

export type FromWorker =
  | { readonly type: 'results'; readonly reports: readonly TextReport[]; readonly notScanned: readonly NotScanned[] }
  | { readonly type: 'progress'; readonly objects: number; readonly bytes: number; readonly texts: number }
  | { readonly type: 'done'; readonly number: number };
