/**
 * The shape of `unleak.yaml`. Unknown keys are errors: a misspelt option must not be silently without effect.
 * `docs/schema/config.schema.json` is generated from this.
 */
import * as v from 'valibot';
import { FAIL_ON } from '../reports/exit-code.ts';
import type { FailOn } from '../reports/exit-code.ts';
import { INLINE_MARKERS } from '../suppress/inline.ts';
import type { InlineMarker } from '../suppress/inline.ts';
import { CONFIDENCES, SEVERITIES } from '../types/index.ts';
import type { AllowList, Confidence, Severity } from '../types/index.ts';

export interface RuleOverride {
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly entropy?: number;
}

/** All kinds of criteria that are present must hold; of several values of one kind, one suffices. */
export interface AllowEntry {
  readonly description?: string;
  readonly rules?: readonly string[];
  readonly paths?: readonly string[];
  readonly words?: readonly string[];
  readonly patterns?: readonly string[];
  readonly target?: AllowList['target'];
  readonly credentials?: readonly string[];
  readonly commits?: readonly string[];
  readonly reason?: string;
  readonly owner?: string;
  readonly until?: string;
}

export interface ConfigFile {
  readonly version: 1;
  readonly project?: { readonly salt?: string; readonly name?: string };
  readonly extend?: readonly string[];
  readonly rules?: {
    readonly files?: readonly string[];
    readonly only?: readonly string[];
    readonly enable?: readonly string[];
    readonly disable?: readonly string[];
    readonly overrides?: Readonly<Record<string, RuleOverride>>;
  };
  readonly paths?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  readonly allow?: readonly AllowEntry[];
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly failOn?: FailOn;
  readonly limits?: { readonly maxFileSize?: number | string; readonly maxDecodeDepth?: number };
  readonly ignore?: {
    readonly gitignore?: boolean;
    readonly inline?: boolean;
    readonly markers?: readonly InlineMarker[];
    readonly file?: string;
  };
  readonly baseline?: string;
  readonly hook?: {
    readonly budget?: string;
    readonly pushBudget?: string;
    readonly onTimeout?: OnTimeout;
  };
  readonly workers?: number;
  readonly output?: string;
  readonly exitCode?: number;
  readonly strict?: boolean;
}

/** What a hook does with a commit or push that it could not scan in time. */
export const ON_TIMEOUT = ['pass', 'stop'] as const;
export type OnTimeout = (typeof ON_TIMEOUT)[number];

const MAX_ITEMS = 1000;

export const NOT_AN_OBJECT = 'must hold keys and values';

const text = v.pipe(
  v.string('must be text'),
  v.minLength(1, 'must not be empty'),
  v.maxLength(4096, 'must not be longer than 4096 characters'),
);
const oneLine = v.pipe(text, v.regex(/^[^\r\n]*$/, 'must be one line'));
const list = <T extends v.GenericSchema>(item: T) =>
  v.pipe(v.array(item, 'must be a list'), v.maxLength(MAX_ITEMS, `must not have more than ${MAX_ITEMS} items`));
const texts = list(oneLine);
const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `must be one of: ${values.join(' ')}`);
const yesNo = v.boolean('must be true or false');
const wholeNumber = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
};
const entropy = v.pipe(
  v.number('must be a number from 0 to 8'),
  v.minValue(0, 'must be a number from 0 to 8'),
  v.maxValue(8, 'must be a number from 0 to 8'),
);
const about = <T extends v.GenericSchema>(schema: T, description: string) => v.pipe(schema, v.description(description));
const object = <T extends v.ObjectEntries>(entries: T) => v.strictObject(entries, NOT_AN_OBJECT);

const severity = oneOf(SEVERITIES);
const confidence = oneOf(CONFIDENCES);
const SIZE = 'must be a number of bytes, or a size such as 10MiB';
const DURATION = 'must be a time such as 2s or 500ms';
const duration = v.pipe(v.string(DURATION), v.regex(/^[0-9]{1,6}(?:\.[0-9]{1,3})? ?(?:ms|s|m)$/, DURATION));
const RULES_BY = 'by id, provider:<id> or tag:<tag>';

const allowEntry = object({
  description: v.exactOptional(about(oneLine, 'What this is about.')),
  rules: v.exactOptional(about(texts, `Findings of these rules, ${RULES_BY}.`)),
  paths: v.exactOptional(about(texts, 'Findings on paths that match one of these globs.')),
  words: v.exactOptional(about(texts, 'Secrets that contain one of these words, ASCII case ignored.')),
  patterns: v.exactOptional(about(texts, 'Targets in which one of these RE2 patterns is found.')),
  target: v.exactOptional(about(oneOf(['secret', 'match', 'line']), 'What patterns are tried on. Default: secret.')),
  credentials: v.exactOptional(about(texts, 'These credential ids.')),
  commits: v.exactOptional(about(texts, 'Findings that one of these commits brought in; full ids.')),
  reason: v.exactOptional(oneLine),
  owner: v.exactOptional(oneLine),
  until: v.exactOptional(
    about(v.pipe(oneLine, v.isoDate('must be a date such as 2027-01-31')), 'The last day on which it counts, in UTC.'),
  ),
});

export const configSchema: v.GenericSchema<unknown, ConfigFile> = object({
  version: v.literal(1, 'must be 1'),
  project: v.exactOptional(
    object({
      salt: v.exactOptional(
        about(
          v.pipe(oneLine, v.minLength(8, 'must be at least 8 characters long')),
          'Key of credential ids. Not secret; changing it makes every id new.',
        ),
      ),
      name: v.exactOptional(about(oneLine, 'Keeps equal passwords of different projects apart.')),
    }),
  ),
  extend: v.exactOptional(
    about(texts, 'Files that this one builds on, relative to it; what it says itself goes before.'),
  ),
  rules: v.exactOptional(
    object({
      files: v.exactOptional(about(texts, 'Rule files: YAML of our own, .gitleaks.toml or .betterleaks.toml.')),
      only: v.exactOptional(about(texts, `Run no other rules, ${RULES_BY}.`)),
      enable: v.exactOptional(about(texts, `Run these although disable names them, ${RULES_BY}.`)),
      disable: v.exactOptional(about(texts, `Do not run these, ${RULES_BY}.`)),
      overrides: v.exactOptional(
        about(
          v.record(
            oneLine,
            object({
              severity: v.exactOptional(severity),
              confidence: v.exactOptional(confidence),
              entropy: v.exactOptional(entropy),
            }),
            'must hold rule ids',
          ),
          'Changes of single rules, by id.',
        ),
      ),
    }),
  ),
  paths: v.exactOptional(
    object({
      include: v.exactOptional(about(texts, 'Globs: report nothing elsewhere.')),
      exclude: v.exactOptional(about(texts, 'Globs: report nothing there.')),
    }),
  ),
  allow: v.exactOptional(about(list(allowEntry), 'What is known and accepted.')),
  severity: v.exactOptional(about(severity, 'The least severity that is reported.')),
  confidence: v.exactOptional(about(confidence, 'The least confidence that is shown one by one.')),
  failOn: v.exactOptional(about(oneOf(FAIL_ON), 'Which findings make the exit status 1.')),
  limits: v.exactOptional(
    object({
      maxFileSize: v.exactOptional(
        about(
          v.union(
            [
              wholeNumber(1, Number.MAX_SAFE_INTEGER),
              v.pipe(v.string(), v.regex(/^[0-9]+(?:\.[0-9]+)? ?(?:[kKMG]i?)?B?$/, SIZE)),
            ],
            SIZE,
          ),
          'Larger texts are not scanned, and are listed.',
        ),
      ),
      maxDecodeDepth: v.exactOptional(
        about(wholeNumber(0, 8), 'How often decoded text is decoded again; 0 turns decoding off.'),
      ),
    }),
  ),
  ignore: v.exactOptional(
    object({
      gitignore: v.exactOptional(about(yesNo, 'Leave out what .gitignore names, in directories.')),
      inline: v.exactOptional(about(yesNo, 'Honour comments that ask for a finding to be ignored.')),
      markers: v.exactOptional(about(list(oneOf(INLINE_MARKERS)), 'Whose comments.')),
      file: v.exactOptional(
        about(oneLine, 'The ignore file, relative to this one. Default: .unleakignore in the target.'),
      ),
    }),
  ),
  baseline: v.exactOptional(
    about(oneLine, 'A baseline, relative to this file: our own, a gitleaks report or .secrets.baseline.'),
  ),
  hook: v.exactOptional(
    object({
      budget: v.exactOptional(about(duration, 'How long a commit may wait for the hook, such as 2s or 500ms.')),
      pushBudget: v.exactOptional(about(duration, 'The same for a push.')),
      onTimeout: v.exactOptional(
        about(oneOf(ON_TIMEOUT), 'What happens to a commit or push that could not be scanned in time.'),
      ),
    }),
  ),
  workers: v.exactOptional(about(wholeNumber(1, 256), 'Threads. Operator only.')),
  output: v.exactOptional(about(oneLine, 'Where the report is written, relative to this file. Operator only.')),
  exitCode: v.exactOptional(about(wholeNumber(0, 255), 'Exit status in place of 1. Operator only.')),
  strict: v.exactOptional(about(yesNo, 'What was excluded by policy makes the scan incomplete. Operator only.')),
});

/**
 * The keys that an object at `path` may have; undefined where any key may stand, or none can. Follows wrappers down to
 * the object itself.
 */
export function knownKeys(path: readonly (string | number)[]): readonly string[] | undefined {
  let schema: unknown = configSchema;
  for (const key of path) schema = child(unwrap(schema), key);
  const entries = field(unwrap(schema), 'entries');
  return typeof entries === 'object' && entries !== null ? Object.keys(entries) : undefined;
}

function unwrap(schema: unknown): unknown {
  for (let inner = schema; ;) {
    const wrapped = field(inner, 'wrapped');
    if (wrapped === undefined) return inner;
    inner = wrapped;
  }
}

function child(schema: unknown, key: string | number): unknown {
  if (typeof key === 'number') return field(schema, 'item');
  return field(field(schema, 'entries'), key) ?? field(schema, 'value');
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
