/**
 * What `list.push(...more)` does, for lists of any length: a spread puts each element on the stack, which holds some
 * hundred thousand, and what somebody else has written can be longer.
 */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const one of more) list.push(one);
}
