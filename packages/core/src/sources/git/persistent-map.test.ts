import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMapSpace, type Root } from './persistent-map.ts';

interface Value {
  readonly at: number;
}

it('behaves as a map that is copied at every step', () => {
  const step = fc.tuple(fc.nat(299), fc.boolean(), fc.nat(30));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 80 }), (keys, steps) => {
      const space = createMapSpace<Value>(keys);
      const versions: { readonly root: Root<Value>; readonly model: ReadonlyMap<number, Value> }[] = [
        { root: space.empty, model: new Map() },
      ];
      for (const [at, [key, isRemoval, from]] of steps.entries()) {
        const base = versions[from % versions.length] ?? versions[0];
        if (base === undefined) continue;
        const value = isRemoval ? undefined : { at };
        const model = new Map(base.model);
        if (value === undefined) model.delete(key % keys);
        else model.set(key % keys, value);
        versions.push({ root: space.set(base.root, key % keys, value), model });
      }
      for (const { root, model } of versions) {
        const seen = new Map<number, Value>();
        space.each(root, (key, value) => seen.set(key, value));
        expect(seen).toEqual(model);
        for (let key = 0; key < keys; key += 7) expect(space.get(root, key)).toBe(model.get(key));
      }
      const a = versions.at(-1);
      const b = versions[Math.floor(versions.length / 2)];
      if (a === undefined || b === undefined) return;
      const differing: number[] = [];
      const chosen = space.keySet();
      const isChosen = (key: number): boolean => key % 3 < 2;
      for (let key = 0; key < keys; key += 1) if (isChosen(key)) chosen.add(key);
      space.differences(a.root, b.root, chosen, (key, inA, inB) => {
        expect([inA, inB]).toEqual([a.model.get(key), b.model.get(key)]);
        differing.push(key);
      });
      const expected = [...new Set([...a.model.keys(), ...b.model.keys()])].filter(
        (key) => isChosen(key) && a.model.get(key) !== b.model.get(key),
      );
      expect(differing.sort((x, y) => x - y)).toEqual(expected.sort((x, y) => x - y));
    }),
  );
});

it('is the same map when nothing changes, and empty again when all is removed', () => {
  const space = createMapSpace<Value>(1000);
  const value = { at: 1 };
  const one = space.set(space.empty, 999, value);
  expect(space.set(one, 999, value)).toBe(one);
  expect(space.set(one, 5, undefined)).toBe(one);
  expect(space.set(one, 999, undefined).node).toBeUndefined();
});
