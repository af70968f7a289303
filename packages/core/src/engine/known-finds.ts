/** Matches that were judged before: the same ones stand in many texts, in other surroundings. */
import { filterRecord } from './filters/record.ts';
import type { RecordGate } from './filters/record.ts';
import type { RuleProgram } from './program.ts';
import type { EngineRecord, Found } from './state.ts';

/** Longer ones are rare. */
const MAX_BYTES = 512;
/** Of all rules together; then all are forgotten. */
const MAX_KNOWN = 16_384;

let known = new WeakMap<RuleProgram, Map<string, RecordGate | Found>>();
let count = 0;

/**
 * The filter that refuses a record, or else what was found: the same object for the same bytes with the same places, so that
 * ids and copies that are kept for it serve again.
 */
export function judged(bytes: Uint8Array, record: EngineRecord): RecordGate | Found {
  const { found } = record;
  if (found.match.end - found.match.start > MAX_BYTES) return filterRecord(bytes, record) ?? found;
  const key = keyOf(bytes, record);
  const before = known.get(found.program)?.get(key);
  if (before !== undefined) return before;
  const verdict = filterRecord(bytes, record) ?? found;
  if (count === MAX_KNOWN) {
    known = new WeakMap();
    count = 0;
  }
  count += 1;
  let ofRule = known.get(found.program);
  if (ofRule === undefined) known.set(found.program, (ofRule = new Map<string, RecordGate | Found>()));
  ofRule.set(key, verdict);
  return verdict;
}

/** All that filters look at, and where everything stands, counted from the keyword. */
function keyOf(bytes: Uint8Array, { at, found: { match, secret, groups } }: EngineRecord): string {
  let key = `${match.start} ${secret.start} ${secret.end}`;
  for (const [name, { start, end }] of Object.entries(groups)) key += ` ${name} ${start} ${end}`;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + at + match.start, match.end - match.start);
  return `${key}\0${text.toString('latin1')}`;
}
