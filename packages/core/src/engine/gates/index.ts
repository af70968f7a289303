/**
 * Named byte gates: state machines that look at the bytes after a keyword and say whether a rule's pattern can match
 * there at all. A gate may only refuse what the pattern of every rule that names it would refuse, too.
 */
import { assignmentGate, tokenGate } from './assignment.ts';
import { userinfoGate } from './userinfo.ts';

/** `limit` is the end of the bytes that may be read. */
export type Gate = (bytes: Uint8Array, keywordStart: number, keywordEnd: number, limit: number) => boolean;

export const gates: Readonly<Record<string, Gate>> = {
  assignment: assignmentGate,
  'assignment-token': tokenGate,
  userinfo: userinfoGate,
};
