/**
 * The filters of a record: functions of the match's own bytes, in order of cost. A record that one of them refuses does
 * not exist, and no further match is tried at that keyword.
 */
import { FOLD, ascii } from '../../bytes/ascii.ts';
import { entropy } from '../../bytes/entropy.ts';
import type { AllowProgram } from '../program.ts';
import { spanAt } from '../state.ts';
import type { EngineRecord } from '../state.ts';
import { isPlaceholder } from './placeholders.ts';
import { isPublicSample } from './public-samples.ts';
import { looksLikeIdentifierOrWord } from './words.ts';

export type RecordGate = 'length' | 'checksum' | 'entropy' | 'placeholder' | 'public sample' | 'word' | 'allow-list';

/** The name of the filter that refuses the record, or undefined. */
export function filterRecord(bytes: Uint8Array, record: EngineRecord): RecordGate | undefined {
  const { program, secret: secretSpan, match: matchSpan } = record.found;
  const { rule, checksum, allow } = program;
  const secret = bytes.subarray(record.at + secretSpan.start, record.at + secretSpan.end);
  if (rule.minLength !== undefined && secret.length < rule.minLength) return 'length';
  if (checksum !== undefined && !checksum(secret)) return 'checksum';
  if (rule.minEntropy !== undefined && entropy(secret) < rule.minEntropy) return 'entropy';
  // What has a right checksum was issued, whatever words it happens to hold.
  const isIssued = checksum !== undefined;
  if (rule.placeholders && !isIssued && isPlaceholder(secret)) return 'placeholder';
  if (rule.placeholders && isPublicSample(secret)) return 'public sample';
  if (rule.words && !isIssued && looksLikeIdentifierOrWord(secret)) return 'word';
  if (allow.length > 0) {
    const { start, end } = spanAt(record, matchSpan);
    const match = bytes.subarray(start, end);
    for (const list of allow) {
      if (list.list.target === 'line' || isJudgedLater(list)) continue;
      if (allows(list, secret, list.list.target === 'match' ? match : secret)) return 'allow-list';
    }
  }
  return undefined;
}

/** Lists that also ask for a path or commit, or that only mark, drop nothing here: `finish` notes that their text part holds. */
export function isJudgedLater({ list }: AllowProgram): boolean {
  return (
    list.mark !== undefined || (list.condition === 'all' && (list.pathPatterns.length > 0 || list.commits.length > 0))
  );
}

/** Whether the byte criteria of a list hold: any of them, or under `all` every kind that the list has. */
export function allows(list: AllowProgram, secret: Uint8Array, target: Uint8Array): boolean {
  const { words, condition } = list.list;
  if (list.patterns.length === 0 && words.length === 0) return false;
  const byPattern = (): boolean => list.patterns.some((pattern) => pattern.get().test(target));
  const byWord = (): boolean => words.some((word) => contains(secret, word));
  if (condition === 'any') return byWord() || byPattern();
  return (list.patterns.length === 0 || byPattern()) && (words.length === 0 || byWord());
}

const encoded = new Map<string, Uint8Array>();

/** Whether `word` (lower case) stands in `bytes`, ASCII case ignored. */
function contains(bytes: Uint8Array, word: string): boolean {
  let needle = encoded.get(word);
  if (needle === undefined) encoded.set(word, (needle = ascii(word)));
  const last = bytes.length - needle.length;
  for (let i = 0; i <= last; i++) {
    let k = 0;
    while (k < needle.length && FOLD[bytes[i + k] ?? 0] === needle[k]) k++;
    if (k === needle.length) return true;
  }
  return false;
}
