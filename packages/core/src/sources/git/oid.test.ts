import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createOidTable, fromHex, isOid } from './oid.ts';

const id = fc.uint8Array({ minLength: 20, maxLength: 20 });
/** Ids that collide in every slot of the table. */
const crowded = fc.nat(5000).map((number) => Buffer.from(`00000000${number.toString(16).padStart(32, '0')}`, 'hex'));

it('gives each id one number, in order of arrival, as a map would', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(id, crowded), { maxLength: 3000 }), fc.nat(7), (ids, often) => {
      const table = createOidTable('sha1', 16);
      const model = new Map<string, number>();
      for (const each of ids) {
        const hex = Buffer.from(each).toString('hex');
        if (!model.has(hex)) {
          const isAppended = model.size % 8 < often;
          if (isAppended) expect(table.append(Buffer.from(`..${hex}`, 'latin1').fill(each, 2, 22), 2)).toBe(model.size);
          else expect(table.find(each)).toBe(-1);
          model.set(hex, model.size);
          // Most are looked up only when others were appended behind them.
          if (isAppended && model.size % 5 > 0) continue;
        }
        expect(table.add(each)).toBe(model.get(hex));
        expect(table.findHex(Buffer.from(`..${hex}..`), 2)).toBe(model.get(hex));
      }
      expect(table.size).toBe(model.size);
      for (const [hex, number] of model) expect(table.hex(number)).toBe(hex);
      expect(Buffer.from(table.raw()).toString('hex')).toBe([...model.keys()].join(''));
    }),
    { numRuns: 30 },
  );
});

it('orders ids as their hex', () => {
  const table = createOidTable('sha256');
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      (a, b) => {
        expect(Math.sign(table.compare(table.add(a), table.add(b)))).toBe(Math.sign(Buffer.compare(a, b)));
      },
    ),
  );
});

it('knows a full id of its hash', () => {
  expect(isOid('a'.repeat(40), 'sha1')).toBe(true);
  for (const text of ['', 'a'.repeat(39), 'A'.repeat(40), `${'a'.repeat(39)}g`, 'a'.repeat(64)])
    expect(isOid(text, 'sha1')).toBe(false);
  expect(isOid('0'.repeat(64), 'sha256')).toBe(true);
  expect(fromHex('00ff')).toEqual(new Uint8Array([0, 255]));
});
