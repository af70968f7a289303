/** Raw hits, which hold bytes of secrets, become hits, which hold ids, masks and positions. */
import { createHash } from 'node:crypto';
import { lenientText } from '../bytes/ascii.ts';
import { canonicalIdentity } from '../bytes/canonical.ts';
import { entropy } from '../bytes/entropy.ts';
import { credentialId, fingerprint } from '../bytes/ids.ts';
import { LineCursor } from '../bytes/lines.ts';
import { mask } from '../bytes/mask.ts';
import type { RawHit } from '../engine/finish.ts';
import { countLines } from '../engine/kernel.ts';
import type { Found } from '../engine/state.ts';
import { SpanIndex } from '../bytes/span-index.ts';
import { findInline } from '../suppress/inline.ts';
import { ruleNames } from '../suppress/rule-names.ts';
import type { Hit, HitPart, Span } from '../types/index.ts';
import type { TextScanSettings } from './messages.ts';

const CONTEXT_MAX = 256;
const REDACTED = 'REDACTED';

/** `raw` sorted by span, as the engine gives them. */
export function toHits(bytes: Uint8Array, raw: readonly RawHit[], settings: TextScanSettings): readonly Hit[] {
  const lines = new LineCursor(bytes, countLines);
  const secrets = new SpanIndex(
    raw.flatMap((hit) =>
      [hit.span, ...(hit.decoded.length > 0 ? [] : Object.values(hit.parts).map((part) => part.span))].map((span) => ({
        span,
        value: undefined,
      })),
    ),
  );
  return raw.map((hit) => toHit(bytes, hit, secrets, lines, settings));
}

function toHit(
  bytes: Uint8Array,
  raw: RawHit,
  secrets: SpanIndex<undefined>,
  lines: LineCursor,
  settings: TextScanSettings,
): Hit {
  const { rule } = raw.program;
  const parts: Record<string, HitPart> = {};
  const canonicalParts: Record<string, Uint8Array> = { ...raw.fields };
  for (const [name, part] of Object.entries(raw.parts)) {
    canonicalParts[name] = part.bytes;
    parts[name] = {
      mask: mask(part.bytes, { kind: rule.kind }),
      fingerprint: fingerprint(settings.fingerprintKey, 'token', part.bytes),
      span: part.span,
      ...(settings.reveal ? { secret: lenientText(part.bytes) } : {}),
    };
  }
  const name = normaliseName(raw.name);
  const digests = digestsOf(raw, canonicalParts, name, settings);
  const start = lines.at(raw.span.start);
  const end = lines.at(Math.max(raw.span.start, raw.span.end - 1));
  const inline =
    settings.inlineMarkers.length === 0
      ? undefined
      : findInline(bytes, raw.span, {
          markers: settings.inlineMarkers,
          rules: [...ruleNames(rule), ...raw.alsoMatched],
        });
  return {
    rule: rule.id,
    alsoMatched: raw.alsoMatched,
    span: raw.span,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column + 1,
    ...digests,
    ...(name === '' ? {} : { name }),
    context: raw.decoded.length > 0 ? '' : context(bytes, raw, secrets),
    decoded: raw.decoded,
    parts,
    ...(inline === undefined ? {} : { inline }),
    ...(raw.allowed.length === 0 ? {} : { allowed: raw.allowed }),
    ...(settings.sha1 ? { sha1: createHash('sha1').update(raw.secret).digest('hex') } : {}),
    ...(settings.carrySecrets === true ? { carried: carried(raw) } : {}),
    ...(settings.reveal ? { secret: lenientText(raw.secret), match: lenientText(raw.matchBytes) } : {}),
  };
}

function carried(raw: RawHit): readonly string[] {
  return [raw.secret, ...Object.values(raw.parts).map((part) => part.bytes)].map(lenientText);
}

type Digests = Pick<Hit, 'credential' | 'fingerprint' | 'mask' | 'secretLength' | 'entropy'>;

/** Of finds without parts, by name: the versions of a file hold the same find over and over. */
const knownDigests = new WeakMap<TextScanSettings, WeakMap<Found, Map<string, Digests>>>();

function digestsOf(
  raw: RawHit,
  parts: Readonly<Record<string, Uint8Array>>,
  name: string,
  settings: TextScanSettings,
): Digests {
  if (Object.keys(raw.parts).length > 0) return makeDigests(raw, parts, name, settings);
  let ofSettings = knownDigests.get(settings);
  if (ofSettings === undefined) knownDigests.set(settings, (ofSettings = new WeakMap()));
  let ofFound = ofSettings.get(raw.found);
  if (ofFound === undefined) ofSettings.set(raw.found, (ofFound = new Map<string, Digests>()));
  let digests = ofFound.get(name);
  if (digests === undefined) ofFound.set(name, (digests = makeDigests(raw, parts, name, settings)));
  return digests;
}

function makeDigests(
  raw: RawHit,
  parts: Readonly<Record<string, Uint8Array>>,
  name: string,
  settings: TextScanSettings,
): Digests {
  const { rule } = raw.program;
  const identity = canonicalIdentity(rule.identity, raw.secret, parts, raw.matchBytes);
  const coincidental = rule.kind === 'password' || rule.rank === 'generic';
  return {
    credential: credentialId(
      settings.salt,
      rule.identity,
      identity,
      coincidental ? { name, repository: settings.repository } : undefined,
    ),
    fingerprint: fingerprint(settings.fingerprintKey, rule.identity, identity),
    mask: mask(raw.secret, { kind: rule.kind, ...(rule.maskPrefix === undefined ? {} : { prefix: rule.maskPrefix }) }),
    secretLength: raw.secret.length,
    entropy: Math.round(entropy(raw.secret) * 100) / 100,
  };
}

/** `HEROKU_API-Key` and `herokuApiKey` are the same name: lower case, letters and digits only. */
function normaliseName(name: Uint8Array): string {
  let out = '';
  for (const b of name) {
    if ((b >= 0x30 && b <= 0x39) || (b >= 0x61 && b <= 0x7a)) out += String.fromCharCode(b);
    else if (b >= 0x41 && b <= 0x5a) out += String.fromCharCode(b + 32);
  }
  return out;
}

/** The match with every secret that any hit found in it replaced; long ones are cut. */
function context(bytes: Uint8Array, raw: RawHit, secrets: SpanIndex<undefined>): string {
  const { match } = raw;
  if (match.end - match.start > 4 * CONTEXT_MAX) return REDACTED;
  const covered = secrets.overlapping(match).map((entry) => entry.span);
  let text = '';
  let at = match.start;
  for (const span of merge(covered)) {
    text += lenientText(bytes.subarray(at, Math.max(at, span.start))) + REDACTED;
    at = Math.max(at, span.end);
  }
  text += lenientText(bytes.subarray(at, Math.max(at, match.end)));
  return text.length > CONTEXT_MAX ? REDACTED : text.trim();
}

function merge(sorted: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of sorted) {
    const last = out.at(-1);
    if (last !== undefined && span.start < last.end)
      out[out.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else out.push(span);
  }
  return out;
}
