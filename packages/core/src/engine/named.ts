import type { Rule } from '../types/index.ts';

/** What a rule asks for by its name. @throws RangeError when there is none */
export function named<T>(table: Readonly<Record<string, T>>, name: string, what: string, rule: Rule): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) throw new RangeError(`rule ${rule.id}: there is no ${what} named ${name}`);
  return found;
}
