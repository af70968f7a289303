import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRuleset } from '@unleak/core';
import { expect, test } from 'vitest';

function lines(name: string): readonly string[] {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

const theirs = lines('gitleaks-ids.txt');
const excused = lines('gitleaks-no-equivalent.txt').map((line) => line.split('  '));

async function answered(): Promise<ReadonlySet<string>> {
  const { rules } = await defaultRuleset();
  return new Set(rules.flatMap((rule) => [rule.id, ...(rule.aliases.gitleaks ?? [])]));
}

test('the list holds the 222 default rules of gitleaks 8, each once', () => {
  expect(new Set(theirs).size).toBe(222);
});

test('every default rule of gitleaks is ours, an alias of ours, or excused', async () => {
  const known = await answered();
  const excuses = new Set(excused.map(([id]) => id));
  expect(theirs.filter((id) => !known.has(id) && !excuses.has(id))).toEqual([]);
});

test('every excuse has a reason and is still needed', async () => {
  const known = await answered();
  expect(excused.filter(([id = '', reason = '']) => reason === '' || known.has(id) || !theirs.includes(id))).toEqual(
    [],
  );
});

test('no two rules of ours answer to one id of theirs, unless both are of one provider', async () => {
  const { rules } = await defaultRuleset();
  const providers = new Map<string, Set<string>>();
  for (const rule of rules) {
    for (const id of rule.aliases.gitleaks ?? [])
      providers.set(id, (providers.get(id) ?? new Set()).add(rule.provider));
  }
  expect([...providers].filter(([, of]) => of.size > 1).map(([id]) => id)).toEqual([]);
});
