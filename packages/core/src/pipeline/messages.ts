/** What main thread and workers say to each other. Everything is structured-cloneable; no bytes of a secret unless asked for. */
import type { InlineMarker } from '../suppress/inline.ts';
import type { Job, JobNews, Ruleset } from '../types/index.ts';

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
  /** Send secrets in clear beside what is reported, because the caller has to hide them where others print them. */
  readonly carrySecrets?: boolean;
  /** Put the SHA-1 of secrets into hits, for a baseline that names them so. */
  readonly sha1: boolean;
}

/** Settings on their way to a worker: the product's own rules, by their digest, are not sent but read there. */
export interface WorkerSettings extends Omit<TextScanSettings, 'ruleset'> {
  readonly ruleset: Ruleset | string;
  /** See Plan. */
  readonly changed: Ruleset | undefined;
  /** RE2 as this process has compiled it. */
  readonly re2: object;
}

export type ToWorker =
  | { readonly type: 'job'; readonly number: number; readonly job: Job }
  | { readonly type: 'abort' };

/** `reader` is that of the job which the news are of. */
export type JobMessage = JobNews & { readonly reader: string };

/** `begun` is false for a job that came too late: the scan was stopped before. */
export type FromWorker = JobMessage | { readonly type: 'done'; readonly number: number; readonly begun: boolean };
