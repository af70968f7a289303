/**
 * The compiled form of a rule: plain JSON, made at build time from `rules/` (or at run time from an operator's or a
 * target's rule file). See docs/rules.md for the YAML that people write.
 */

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

export const KINDS = [
  'api-key',
  'oauth-token',
  'service-account',
  'ci-token',
  'ssh-key',
  'private-key',
  'certificate',
  'database',
  'webhook',
  'session',
  'signing-key',
  'ai-key',
  'password',
] as const;
export type Kind = (typeof KINDS)[number];

/** How the bytes that identify a credential are derived from a match. Closed and versioned: ids depend on it. */
export const IDENTITIES = ['token', 'pem', 'pair', 'url', 'json-key'] as const;
export type Identity = (typeof IDENTITIES)[number];

/** `generic` rules yield to any `specific` rule that overlaps them. */
export type Rank = 'specific' | 'generic';

/**
 * How far a rule may look, in bytes from the start of a keyword occurrence (see docs/architecture.md, "What a hit is").
 * - `bounded`: the pattern's longest match fits `forward`; the slice never changes the answer.
 * - `open`: the pattern has no longest match; the slice ends at `forward` and a match that touches it is `cut`.
 * - `nonlocal`: run over the whole text (imported rules whose keyword need not lie in the match, or without keywords).
 */
export type ReachClass = 'bounded' | 'open' | 'nonlocal';

export interface Reach {
  readonly class: ReachClass;
  readonly back: number;
  readonly forward: number;
  /** Open rules: the slice also ends at this rule's next keyword occurrence. */
  readonly stopAtNext: boolean;
  /**
   * The slice also ends behind so many line feeds after the keyword's start, and begins behind the second one before it;
   * 0: lines do not matter. What an edit changes lines away is then no reason to look again.
   */
  readonly lines: number;
}

export interface AllowList {
  readonly description?: string;
  /** `any`: one criterion suffices (default). `all`: every kind of criterion that is present must hold. */
  readonly condition: 'any' | 'all';
  /** RE2 patterns tried on `target`. */
  readonly patterns: readonly string[];
  readonly target: 'secret' | 'match' | 'line';
  /** Lower-case words; one contained in the secret (ASCII case ignored) suffices. */
  readonly words: readonly string[];
  /** Sighting paths, RE2 (imported lists) . */
  readonly pathPatterns: readonly string[];
  /** Commit ids. */
  readonly commits: readonly string[];
  /** Lists of the configuration: they drop no match, but put this into `Hit.allowed`, so that what they suppress is listed. */
  readonly mark?: string;
}

/** A second part of a credential, searched around the primary match. */
export interface Companion {
  readonly name: string;
  /** RE2 with a group `secret`. Searched in `within` bytes on both sides; nearest wins, at a tie the one after. */
  readonly pattern: string;
  readonly within: number;
  readonly lines: number;
  /** Without it the match is not reported. */
  readonly required: boolean;
  readonly minEntropy?: number;
}

export interface PathConditions {
  /** Globs. With `only`, sightings elsewhere are dropped. */
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  /** Sightings on these paths raise the confidence by one step. */
  readonly raise?: readonly string[];
}

/** Two automata over bytes that stop where no match can hold the keyword (rules/around.ts). */
export interface AroundKeywords {
  readonly classes: number;
  /** States of the automaton that reads on behind the keyword. */
  readonly forward: number;
  /** Base64: for each of 256 bytes its class; then, for each state, a byte for each class. First the states that read forward. */
  readonly table: string;
  /** Per keyword: the states to begin with, forward and backward. */
  readonly starts: readonly (readonly [number, number])[];
}

export interface Rule {
  readonly id: string;
  readonly provider: string;
  readonly providerName: string;
  readonly title: string;
  readonly kind: Kind;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly rank: Rank;
  /** Lower-case, at least 3 bytes each; empty only for nonlocal rules. */
  readonly keywords: readonly string[];
  /** RE2 source. The secret is the group named `secret` (imported rules: `secretGroup`, else the first group that is not empty, else the match). */
  readonly pattern: string;
  readonly secretGroup?: number;
  readonly reach: Reach;
  /** Name of a byte gate (engine/gates.ts) that must pass before RE2 is called. */
  readonly gate?: string;
  /** Per keyword: what must directly follow it, implied by the pattern. `set`: 32 bytes in hex, bit `b & 7` of byte `b >> 3`. */
  readonly after?: readonly ({ readonly set: string; readonly min: number } | null)[];
  /** A run of at least `min` bytes of `set` (as in `after`) that every match contains, wherever in it. */
  readonly run?: { readonly set: string; readonly min: number };
  /** What can stand around the keywords, implied by the pattern; absent where that says too little. */
  readonly around?: AroundKeywords;
  /** Name of a checksum in engine/filters/checksums. */
  readonly checksum?: string;
  /** Least Shannon entropy of the secret, bits per byte. */
  readonly minEntropy?: number;
  readonly minLength?: number;
  /** Apply the built-in placeholder and sample-value lists (default true). */
  readonly placeholders: boolean;
  /** Refuse secrets that read like identifiers, words, paths or numbers (default: generic rules). */
  readonly words: boolean;
  readonly identity: Identity;
  readonly companions: readonly Companion[];
  readonly allow: readonly AllowList[];
  readonly paths?: PathConditions;
  /** RE2 on the sighting's path, for imported rules. A rule with a path pattern and an empty `pattern` reports the file itself. */
  readonly pathPattern?: string;
  /** Declared public prefix of the secret, which masks may show. */
  readonly maskPrefix?: string;
  /** Found parts alone are not reported (they only complete other rules). */
  readonly reportAlone: boolean;
  readonly console?: string;
  readonly references: readonly string[];
  /** Ids of the same rule in other tools. */
  readonly aliases: { readonly gitleaks?: readonly string[]; readonly betterleaks?: readonly string[] };
  readonly tags: readonly string[];
  /** Digest of everything above that decides what is found. */
  readonly digest: string;
}

export interface Ruleset {
  /** Digest over the digests of all rules. */
  readonly digest: string;
  /** Sorted by id. Of a set with `late`, the first use reads all of them. */
  readonly rules: readonly Rule[];
  /** Allow-lists that apply to every rule (from an imported configuration). */
  readonly allow: readonly (AllowList & { readonly targetRules: readonly string[] })[];
  /** The rules of the product, each read when it is first asked for (`ruleAt`, `findRule`). Does not go to other threads. */
  readonly late?: LateRules;
}

export interface LateRules {
  readonly count: number;
  rule(number: number): Rule | undefined;
  /** Digest of what the rules are read from. */
  readonly content: string;
  /** What the engine searches with, laid out before (engine/tables-image.ts); undefined where that was not done. */
  tables(): Uint8Array | undefined;
}
