/** Chains of texts that derive from one another, scanned with what is known of the base and without. */
import { expect } from 'vitest';
import { linearMemory } from '../../packages/core/src/bytes/linear-memory.ts';
import type { ScanOutcome, ScanRequest, Scanner } from '../../packages/core/src/engine/scanner.ts';
import { forget, type TextMemory } from '../../packages/core/src/engine/text-memory.ts';
import type { Span } from '../../packages/core/src/types/index.ts';

export interface Version {
  readonly bytes: Uint8Array;
  /** As in Inherit.copies, joined where source and target go on. */
  readonly copies: Int32Array;
}

/** Bytes of the base by offset (one behind its end begins again at 0) and length (clipped to it), or new ones. */
export interface Edit {
  readonly copy?: readonly [from: number, length: number];
  readonly insert?: string | Uint8Array;
}

/** What makes a text from its base. */
export type Step = readonly Edit[];

export function applyStep(base: Uint8Array, step: Step): Version {
  const parts: Uint8Array[] = [];
  const copies: number[] = [];
  let target = 0;
  for (const { copy, insert } of step) {
    let part = bytesOf(insert ?? '');
    if (copy !== undefined && base.length > 0) {
      const source = copy[0] % (base.length + 1);
      const length = Math.min(copy[1], base.length - source);
      part = base.slice(source, source + length);
      addRun(copies, source, target, length);
    }
    parts.push(part);
    target += part.length;
  }
  return { bytes: Uint8Array.from(Buffer.concat(parts)), copies: Int32Array.from(copies) };
}

function addRun(copies: number[], source: number, target: number, length: number): void {
  if (length === 0) return;
  const [lastSource = -1, lastTarget = -1, lastLength = 0] = copies.slice(-3);
  if (lastSource + lastLength === source && lastTarget + lastLength === target)
    copies.splice(-1, 1, lastLength + length);
  else copies.push(source, target, length);
}

export function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? Uint8Array.from(Buffer.from(text)) : text;
}

/** All that a scan says of a text and keeps of it: hits, flags, records, cuts, occurrences, decoded regions. */
function summaryOf({ result, memory }: ScanOutcome): Readonly<Record<string, unknown>> {
  return {
    hits:
      result?.hits.map((hit) => ({
        rule: hit.program.rule.id,
        span: hit.span,
        match: hit.match,
        secret: latin1(hit.secret),
        matchBytes: latin1(hit.matchBytes),
        name: latin1(hit.name),
        fields: Object.entries(hit.fields).map(([name, bytes]) => [name, latin1(bytes)]),
        parts: Object.entries(hit.parts).map(([name, { span, bytes }]) => [name, span, latin1(bytes)]),
        alsoMatched: hit.alsoMatched,
        allowed: hit.allowed,
        decoded: hit.decoded,
      })) ?? [],
    cut: result?.cut ?? [],
    capped: result?.capped ?? [],
    decodeLimited: result?.decodeLimited ?? false,
    records: byKey(memory?.records).map(([key, { at, found }]) => [
      ...[key, at, found.program.rule.id, found.match, found.secret, found.groups],
    ]),
    cuts: [...(memory?.cuts ?? [])].sort((a, b) => a - b),
    occurrences: memory === undefined ? [] : occurrencesOf(memory),
    regions: byKey(memory?.regions).map(([key, { decoder, extent, kind, bytes, limited, state }]) => [
      ...[key, decoder, extent, kind, bytes.length, limited, state.records.length, state.decoded.length, state.cut],
    ]),
    hasNul: memory?.hasNul,
    dependsOnWhole: memory?.dependsOnWhole,
  };
}

function byKey<T>(entries: ReadonlyMap<number, T> | undefined): (readonly [number, T])[] {
  return [...(entries ?? [])].sort((a, b) => a[0] - b[0]);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Positions and anchors, without the mark of those that have a result. */
function occurrencesOf({ occurrences, count }: TextMemory): number[] {
  return [...linearMemory().words.subarray(occurrences >> 2, (occurrences >> 2) + 2 * count)].map(
    (word) => word & 0x7fffffff,
  );
}

/** One text of a chain, as scanned whole; the scan by what derives has said the same. */
export interface ChainText {
  readonly bytes: Uint8Array;
  /** `rule: secret`, by place. */
  readonly hits: readonly string[];
  readonly spans: readonly Span[];
  readonly cut: readonly string[];
  readonly capped: readonly string[];
  readonly decodeLimited: boolean;
  /** Before anything that looks further. */
  readonly records: number;
  readonly regions: number;
  /** How often RE2 was asked about a keyword of the text outside decoded regions, or would have been: as it derives. */
  readonly asked: number;
  readonly askedWhole: number;
}

type Inherit = ScanRequest['inherit'];

/**
 * Scans a text and those that derive from it one after the other. Each derived scan must say what a whole one says, and
 * what scans say that remember nothing of other texts.
 */
export function scanChain(scanner: Scanner, first: string | Uint8Array, ...steps: readonly Step[]): ChainText[] {
  return walkChain(scanner, first, steps, (bytes, whole, inherit) => {
    const alone = traced(scanner, bytes, undefined);
    const derived = traced(scanner, bytes, inherit);
    const said = JSON.stringify(summaryOf(whole));
    expect(alone.said).toBe(said);
    expect(derived.said).toBe(said);
    const { result, memory } = whole;
    const hits = result?.hits ?? [];
    return {
      bytes,
      hits: hits.map((hit) => `${hit.program.rule.id}: ${latin1(hit.secret)}`),
      spans: hits.map((hit) => hit.span),
      cut: result?.cut ?? [],
      capped: result?.capped ?? [],
      decodeLimited: result?.decodeLimited ?? false,
      records: memory?.records.size ?? 0,
      regions: memory?.regions.size ?? 0,
      asked: derived.asked,
      askedWhole: alone.asked,
    };
  });
}

/** The same for many chains, without a look at each text: gives the number of records and regions of the last one. */
export function compareChain(scanner: Scanner, first: string | Uint8Array, ...steps: readonly Step[]): number {
  const sizes = walkChain(
    scanner,
    first,
    steps,
    (_, { memory }) => (memory?.records.size ?? 0) + (memory?.regions.size ?? 0),
  );
  return sizes.at(-1) ?? 0;
}

function walkChain<T>(
  scanner: Scanner,
  first: string | Uint8Array,
  steps: readonly Step[],
  look: (bytes: Uint8Array, whole: ScanOutcome, inherit: Inherit) => T,
): T[] {
  const seen: T[] = [];
  let bytes = bytesOf(first);
  let base: TextMemory | undefined;
  for (let at = 0; at <= steps.length; at += 1) {
    let inherit: Inherit;
    const step = steps[at - 1];
    if (step !== undefined && base !== undefined) {
      const version = applyStep(bytes, step);
      ({ bytes } = version);
      inherit = { base, copies: version.copies };
    }
    const whole = scanner.scanText(bytes, { remember: true });
    const said = JSON.stringify(summaryOf(whole));
    seen.push(look(bytes, whole, inherit));
    const derived = scanner.scanText(bytes, { remember: true, inherit });
    expectSame(derived, said, `text ${at} of the chain`);
    for (const old of [base, whole.memory]) if (old !== undefined) forget(old);
    base = derived.memory;
  }
  if (base !== undefined) forget(base);
  return seen;
}

/** Compared as text, which is fast; told as objects, which can be read. */
function expectSame(outcome: ScanOutcome, said: string, what: string): void {
  const summary = summaryOf(outcome);
  if (JSON.stringify(summary) !== said) expect(summary, what).toEqual(JSON.parse(said));
}

/** What happens before a rule is asked, and after it has answered. */
const NOT_ASKED: ReadonlySet<string> = new Set(['dedupe', 'companion', 'next bytes', 'gate', 'run', 'surroundings']);

/** A scan for which nothing is taken from the results of other texts but those that it inherits. */
function traced(scanner: Scanner, bytes: Uint8Array, inherit: Inherit): { said: string; asked: number } {
  let asked = 0;
  const outcome = scanner.scanText(bytes, {
    inherit,
    remember: true,
    trace({ gate, detail }) {
      if (!NOT_ASKED.has(gate) && detail !== 'the line is allowed' && detail?.includes('in ') !== true) asked += 1;
    },
  });
  const said = JSON.stringify(summaryOf(outcome));
  if (outcome.memory !== undefined) forget(outcome.memory);
  return { said, asked };
}
