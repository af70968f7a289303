/** The shape of a rule file (docs/rules.md). Unknown keys are errors: a misspelt option must not be silently without effect. */
import * as v from 'valibot';
import { CONFIDENCES, IDENTITIES, KINDS, SEVERITIES } from '../types/index.ts';
import type { Confidence, Identity, Kind, Rank, Severity } from '../types/index.ts';
import type { AssignForm, NearForm } from './shorthand.ts';

/** One rule as it is written, defaults filled in. */
export interface RuleSource {
  readonly id: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly kind: Kind;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly rank: Rank;
  readonly keywords: readonly string[];
  readonly pattern?: string | undefined;
  readonly assign?: AssignForm | undefined;
  readonly near?: NearForm | undefined;
  readonly reach?: number | undefined;
  readonly lines?: number | undefined;
  readonly gate?: string | undefined;
  readonly checksum?: string | undefined;
  readonly entropy?: number | undefined;
  readonly minLength?: number | undefined;
  readonly placeholders: boolean;
  /** Undefined: as the rank says. */
  readonly words?: boolean | undefined;
  readonly identity: Identity;
  readonly companions: readonly CompanionSource[];
  readonly allow: readonly AllowSource[];
  readonly paths?:
    | {
        readonly only?: readonly string[] | undefined;
        readonly except?: readonly string[] | undefined;
        readonly raise?: readonly string[] | undefined;
      }
    | undefined;
  readonly reportAlone: boolean;
  readonly examples: { readonly match: readonly string[]; readonly noMatch: readonly string[] };
  readonly aliases: {
    readonly gitleaks?: readonly string[] | undefined;
    readonly betterleaks?: readonly string[] | undefined;
  };
  readonly references: readonly string[];
  readonly tags: readonly string[];
}

export interface CompanionSource {
  readonly name: string;
  readonly pattern: string;
  readonly within: number;
  readonly lines: number;
  readonly required: boolean;
  readonly entropy?: number | undefined;
}

export interface AllowSource {
  readonly description?: string | undefined;
  readonly patterns: readonly string[];
  readonly target: 'secret' | 'match' | 'line';
  readonly words: readonly string[];
}

/** A rule file. */
export interface RuleFile {
  readonly provider: string;
  readonly name: string;
  readonly console?: string | undefined;
  readonly rules: readonly RuleSource[];
}

const text = v.pipe(v.string('must be text'), v.minLength(1, 'must not be empty'));
const texts = v.array(text, 'must be a list of texts');
const oneLine = v.pipe(
  text,
  v.check((s) => !s.includes('\n'), 'must be one line'),
);
const url = v.pipe(
  text,
  v.check((s) => /^https:\/\/[^\s/]+\.[^\s]+$/.test(s), 'must be an https URL'),
);
const slug = v.pipe(
  text,
  v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens'),
);
const partName = v.pipe(
  text,
  v.regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be a name: a letter, then letters, digits or _'),
);
const wholeNumber = (least: number, most: number): v.GenericSchema<unknown, number> =>
  v.pipe(
    v.number(`must be a whole number from ${least} to ${most}`),
    v.integer(`must be a whole number from ${least} to ${most}`),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
const entropy = v.pipe(
  v.number('must be a number of bits per byte'),
  v.minValue(0, 'must be at least 0'),
  v.maxValue(8, 'must be at most 8'),
);

const keyword = v.pipe(
  text,
  v.check((s) => /^[\x20-\x7e]+$/.test(s), 'must be printable ASCII'),
  v.minLength(3, 'must be at least 3 bytes long'),
  v.maxLength(64, 'must be at most 64 bytes long'),
);

const assign = v.strictObject({ name: oneLine, value: oneLine });
const near = v.strictObject({ name: oneLine, value: oneLine, gap: v.optional(wholeNumber(1, 400)) });

const companion = v.strictObject({
  name: partName,
  pattern: text,
  within: v.optional(wholeNumber(1, 4096), 512),
  lines: v.optional(wholeNumber(0, 200), 6),
  required: v.optional(v.boolean('must be true or false'), false),
  entropy: v.optional(entropy),
});

const allow = v.strictObject({
  description: v.optional(oneLine),
  patterns: v.optional(texts, []),
  target: v.optional(v.picklist(['secret', 'match', 'line'], 'must be secret, match or line'), 'secret'),
  words: v.optional(texts, []),
});

const paths = v.strictObject({ only: v.optional(texts), except: v.optional(texts), raise: v.optional(texts) });

const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `must be one of: ${values.join(' ')}`);

const rule = v.strictObject({
  id: slug,
  title: oneLine,
  description: v.optional(text),
  kind: oneOf(KINDS),
  severity: oneOf(SEVERITIES),
  confidence: oneOf(CONFIDENCES),
  rank: v.optional(oneOf(['specific', 'generic']), 'specific'),
  keywords: v.pipe(v.array(keyword, 'must be a list of texts'), v.minLength(1, 'must name at least one keyword')),
  pattern: v.optional(text),
  assign: v.optional(assign),
  near: v.optional(near),
  reach: v.optional(wholeNumber(64, 65536)),
  lines: v.optional(wholeNumber(0, 64)),
  gate: v.optional(slug),
  checksum: v.optional(slug),
  entropy: v.optional(entropy),
  minLength: v.optional(wholeNumber(1, 4096)),
  placeholders: v.optional(v.boolean('must be true or false'), true),
  words: v.optional(v.boolean('must be true or false')),
  identity: v.optional(oneOf(IDENTITIES), 'token'),
  companions: v.optional(v.array(companion), []),
  allow: v.optional(v.array(allow), []),
  paths: v.optional(paths),
  reportAlone: v.optional(v.boolean('must be true or false'), true),
  examples: v.strictObject({
    match: v.pipe(v.array(text, 'must be a list of templates'), v.minLength(1, 'must hold at least one template')),
    noMatch: v.pipe(v.array(text, 'must be a list of templates'), v.minLength(1, 'must hold at least one template')),
  }),
  aliases: v.optional(v.strictObject({ gitleaks: v.optional(texts), betterleaks: v.optional(texts) }), {}),
  references: v.pipe(v.array(url), v.minLength(1, 'must name at least one https URL')),
  tags: v.optional(v.array(slug), []),
});

export const ruleFileSchema: v.GenericSchema<unknown, RuleFile> = v.strictObject({
  provider: slug,
  name: oneLine,
  console: v.optional(url),
  rules: v.pipe(v.array(rule, 'must be a list of rules'), v.minLength(1, 'must hold at least one rule')),
});
