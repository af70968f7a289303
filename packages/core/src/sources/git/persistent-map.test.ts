import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMapSpace, EMPTY_MAP } from './persistent-map.ts';

it('behaves as maps that are copied at every step', () => {
  const step = fc.record({
    key: fc.nat(299),
    isRemoval: fc.boolean(),
    from: fc.nat(30),
    more: fc.array(fc.nat(299), { maxLength: 3 }),
    isKept: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 60 }), (keys, steps) => {
      const space = createMapSpace(keys);
      const maps: number[] = [EMPTY_MAP];
      const models: ReadonlyMap<number, number>[] = [new Map()];
      for (const [at, { key, isRemoval, from, more, isKept }] of steps.entries()) {
        const base = from % maps.length;
        const model = new Map(models[base]);
        let map = maps[base] ?? EMPTY_MAP;
        for (const [index, each] of [key, ...more].entries()) {
          const value = isRemoval ? 0 : at * 10 + index + 1;
          if (value === 0) model.delete(each % keys);
          else model.set(each % keys, value);
          map = space.set(map, each % keys, value);
        }
        space.freeze();
        maps.push(map);
        models.push(model);
        if (!isKept) continue;
        const numbers = Int32Array.from(maps);
        space.keep(numbers);
        maps.splice(0, maps.length, ...numbers);
      }
      for (const [index, model] of models.entries())
        for (let key = 0; key < keys; key += 1) expect(space.get(maps[index] ?? 0, key)).toBe(model.get(key) ?? 0);

      const a = models.length - 1;
      const b = models.length >> 1;
      const chosen = space.keySet();
      const isChosen = (key: number): boolean => key % 3 < 2;
      for (let key = 0; key < keys; key += 1) if (isChosen(key)) chosen.add(key);
      const differing: number[] = [];
      space.differences(maps[a] ?? 0, maps[b] ?? 0, chosen, (key, inA, inB) => {
        expect([inA, inB]).toEqual([models[a]?.get(key) ?? 0, models[b]?.get(key) ?? 0]);
        differing.push(key);
      });
      const all = new Set([...(models[a]?.keys() ?? []), ...(models[b]?.keys() ?? [])]);
      expect(differing.sort((x, y) => x - y)).toEqual(
        [...all].filter((key) => isChosen(key) && models[a]?.get(key) !== models[b]?.get(key)).sort((x, y) => x - y),
      );

      const most = 1 + (steps.length % 5);
      const expected = new Map<number, number[]>();
      for (const [index, model] of models.entries())
        for (const value of new Set(model.values())) expected.set(value, [...(expected.get(value) ?? []), index]);
      expect(new Map(space.holders(maps, most))).toEqual(
        new Map([...expected].map(([value, holders]) => [value, holders.slice(0, most)])),
      );
    }),
  );
});

it('is the same map when nothing changes, and empty again when all is removed', () => {
  const space = createMapSpace(1000);
  const one = space.set(EMPTY_MAP, 999, 1);
  space.freeze();
  expect(space.set(one, 999, 1)).toBe(one);
  expect(space.set(one, 5, 0)).toBe(one);
  expect(space.set(one, 999, 0)).toBe(EMPTY_MAP);
});

it('takes no more room than what is kept, and what is changed before it is frozen is not copied', () => {
  const space = createMapSpace(1000);
  let map = EMPTY_MAP;
  for (let key = 0; key < 1000; key += 1) map = space.set(map, key, key + 1);
  const nodes = space.size;
  expect(nodes).toBeLessThan(1000 / 16 + 10);
  for (let round = 1; round < 100; round += 1) {
    space.freeze();
    map = space.set(map, round, 5000 + round);
  }
  expect(space.size).toBeGreaterThan(nodes + 200);
  const kept = Int32Array.from([map, EMPTY_MAP]);
  space.keep(kept);
  expect(space.size).toBeLessThan(nodes + 2);
  expect(space.get(kept[0] ?? 0, 7)).toBe(5007);
  expect(kept[1]).toBe(EMPTY_MAP);
});
