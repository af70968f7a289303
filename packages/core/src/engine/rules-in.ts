/** Which rules have a say in what becomes of a text. */
import type { TextState } from './state.ts';

/**
 * Ids of the rules that have a record in the text or in anything decoded from it, or that reached their cap there, sorted.
 * `finish` looks at nothing but these: without a record of a rule, hits and flags are those of the set without the rule.
 */
export function rulesIn(state: TextState): readonly string[] {
  const ids = new Set<string>(state.cut);
  addRecords(state, ids);
  return [...ids].sort();
}

function addRecords({ records, decoded }: TextState, ids: Set<string>): void {
  for (const { found } of records) ids.add(found.program.rule.id);
  for (const { part } of decoded) addRecords(part.state, ids);
}
