import type { Span } from './span.ts';

/** An inline comment that asks for a hit to be ignored. Evaluated per sighting, after attribution. */
export interface InlineIgnore {
  /** The comment's keyword, such as `unleak:allow` or `gitleaks:allow`. */
  readonly marker: string;
  /** Rule ids it is limited to; empty: all. */
  readonly rules: readonly string[];
  readonly reason?: string;
  /** ISO date, inclusive. */
  readonly until?: string;
}

export interface HitPart {
  readonly mask: string;
  readonly fingerprint: string;
  readonly span: Span;
  /** Only when the run was asked to reveal secrets. */
  readonly secret?: string;
}

/**
 * One credential in one text, as a worker sends it: it holds no bytes of the secret unless the run was asked for them.
 * Lines and columns are 1-based; columns count bytes from the line start. `endColumn` is one past the last byte, on the
 * line of that byte.
 */
export interface Hit {
  readonly rule: string;
  /** Other rules that found the same secret, best first. */
  readonly alsoMatched: readonly string[];
  /** The secret, in the text as delivered. For a decoded secret: the encoded region. */
  readonly span: Span;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Credential id, `c1_…`: the same on every machine. */
  readonly credential: string;
  /** Digest under the per-user key: never leaves this machine. */
  readonly fingerprint: string;
  readonly mask: string;
  readonly secretLength: number;
  /** Shannon entropy of the secret, bits per byte. */
  readonly entropy: number;
  /** Normalised name of the variable or key that holds it, where one was recognised. */
  readonly name?: string;
  /** The match with every secret in it replaced by `REDACTED`, at most 256 characters; empty if that is not safe. */
  readonly context: string;
  /** Decoders that were undone to see the secret, outermost first. */
  readonly decoded: readonly string[];
  readonly parts: Readonly<Record<string, HitPart>>;
  readonly inline?: InlineIgnore;
  /**
   * Allow-lists whose criteria on the text hold, but that also ask for a place or only mark: the list's `mark`, else
   * `<rule id>#<index>` of the rule's own lists and `*#<index>` of the ruleset's. Judged per sighting.
   */
  readonly allowed?: readonly string[];
  /** SHA-1 of the secret, hex; only when the run reads a baseline that names secrets so. Never reported. */
  readonly sha1?: string;
  /** Only when the run was asked to reveal secrets. UTF-8, invalid bytes as Latin-1. */
  readonly secret?: string;
  readonly match?: string;
  /** The secret and its parts as they stand there, only when the run has to hide them from others. Never reported. */
  readonly carried?: readonly string[];
}

/** Things about a text that a report should be able to say, besides its hits. */
export interface TextFlags {
  /** Rules whose open match reached its cap, so that a longer secret may have been missed. */
  readonly cut: readonly string[];
  /** Rules that reached the limit of hits in one text. */
  readonly capped: readonly string[];
  /** Decoding stopped at its budget. */
  readonly decodeLimited: boolean;
}

/** What is known of one text with hits or flags, or in which a rule has a say. */
export interface TextReport {
  /** Id of the text. */
  readonly text: string;
  readonly hits: readonly Hit[];
  readonly flags?: TextFlags;
  /**
   * Ids of all rules that have a record in it or reached their cap there, sorted: also of those that yielded to another
   * one, or whose hit an allow-list on the line took. Without a record of a rule in it, the text's hits are the same
   * without the rule.
   */
  readonly rules?: readonly string[];
  /** It takes the place of what `Plan.known` says of the text. */
  readonly replaces?: boolean;
}
