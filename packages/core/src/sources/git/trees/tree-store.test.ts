import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTreeStore, type Difference } from './tree-store.ts';

/** Entries with signs, in order. */
function told({ entries, signs, count }: Difference): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${(signs[at] ?? 0) > 0 ? '+' : '-'}${entries[at] ?? -1}`).sort();
}

function differing(before: readonly number[], after: readonly number[]): readonly string[] {
  const balance = new Map<number, number>();
  for (const entry of after) balance.set(entry, (balance.get(entry) ?? 0) + 1);
  for (const entry of before) balance.set(entry, (balance.get(entry) ?? 0) - 1);
  return [...balance]
    .filter(([, count]) => count !== 0)
    .map(([entry, count]) => `${count > 0 ? '+' : '-'}${entry}`)
    .sort();
}

it('compares any two trees, however they were derived', () => {
  const entry = fc.nat(6);
  const tree = fc.record({
    base: fc.nat(40),
    isWhole: fc.boolean(),
    added: fc.array(entry, { maxLength: 4 }),
    removed: fc.nat(10),
  });
  fc.assert(
    fc.property(fc.array(tree, { minLength: 1, maxLength: 30 }), fc.nat(2000), (trees, spread) => {
      const store = createTreeStore(4);
      const models: number[][] = [];
      // Numbers of trees need not be dense.
      const numberOf = (index: number): number => index * (1 + (spread % 50));
      for (const [index, { base, isWhole, added, removed }] of trees.entries()) {
        const from = isWhole || index === 0 ? -1 : base % index;
        const model = [...(models[from] ?? [])];
        store.begin(numberOf(index), from < 0 ? -1 : numberOf(from));
        const gone = model[removed];
        if (gone !== undefined) {
          model.splice(removed, 1);
          store.remove(gone);
        }
        for (const each of added) store.add(each);
        models.push([...model, ...added]);
      }
      store.seal(7);
      for (const [a, before] of models.entries()) {
        expect(store.has(numberOf(a))).toBe(true);
        expect(told(store.compare(-1, numberOf(a)))).toEqual(differing([], before));
        expect(told(store.compare(numberOf(a), -1))).toEqual(differing(before, []));
        for (const [b, after] of models.entries())
          expect(told(store.compare(numberOf(a), numberOf(b)))).toEqual(differing(before, after));
      }
      expect(store.has(numberOf(trees.length))).toBe(false);
    }),
  );
});

it('takes a tree that it does not know for empty', () => {
  const store = createTreeStore(10);
  store.begin(3, -1);
  store.add(0);
  store.seal(1);
  expect(told(store.compare(5, 3))).toEqual(['+0']);
  expect(store.compare(5, -1).count).toBe(0);
});
