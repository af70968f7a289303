import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createGraphBuilder } from './commit-graph.ts';

const id = (number: number): Buffer => Buffer.from(number.toString(16).padStart(40, '0'), 'hex');

it('puts parents first, then the older date, then the smaller id, in whatever order commits are added', () => {
  const commit = fc.record({ parents: fc.array(fc.nat(40), { maxLength: 3 }), date: fc.nat(5) });
  fc.assert(
    fc.property(
      fc.array(commit, { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
      (made, keys) => {
        const commits = made.map(({ parents, date }, number) => ({
          number,
          date,
          parents: [...new Set(parents.filter((parent) => parent < number))],
        }));
        const builder = createGraphBuilder('sha1');
        for (const { number, date, parents } of commits.toSorted(
          (a, b) => (keys[a.number] ?? 0) - (keys[b.number] ?? 0),
        )) {
          builder.add(
            builder.table.add(id(number)),
            date,
            parents.map((parent) => builder.table.add(id(parent))),
          );
        }
        const graph = builder.finish();
        const order = [...graph.order].map((at) => Number.parseInt(graph.table.hex(at), 16));

        const expected: number[] = [];
        while (expected.length < commits.length) {
          const free = commits.filter(
            ({ number, parents }) => !expected.includes(number) && parents.every((parent) => expected.includes(parent)),
          );
          free.sort((a, b) => a.date - b.date || a.number - b.number);
          expected.push(free[0]?.number ?? -1);
        }
        expect(order).toEqual(expected);
        for (const [place, at] of graph.order.entries()) expect(graph.position[at]).toBe(place);
      },
    ),
  );
});

it('keeps parents that were not added apart, as those outside a range', () => {
  const builder = createGraphBuilder('sha1');
  const child = builder.table.add(id(2));
  const outside = builder.table.add(id(1));
  builder.add(child, 10, [outside]);
  const graph = builder.finish();
  expect([...graph.order]).toEqual([child]);
  expect([graph.isInside(child), graph.isInside(outside)]).toEqual([true, false]);
  expect([...graph.parents(child)]).toEqual([outside]);
  expect(graph.position[outside]).toBe(-1);
});
