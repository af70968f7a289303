import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDate, isExpired } from './dates.ts';

test('every day that the calendar has is a date, and no other', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      (y, m, d) => {
        const two = (n: number): string => String(n).padStart(2, '0');
        const day = new Date(0);
        day.setUTCFullYear(y, m - 1, d);
        const real = day.getUTCFullYear() === y && day.getUTCMonth() === m - 1 && day.getUTCDate() === d;
        expect(isDate(`${String(y).padStart(4, '0')}-${two(m)}-${two(d)}`)).toBe(real);
      },
    ),
  );
});

test.each([
  '',
  'soon',
  '2027',
  '2027-1-1',
  '2027-01-01T00:00:00Z',
  '2027-01-01-01',
  '+027-01-01',
  '2027-0a-01',
  ' 2027-01-01',
])('%j is no date', (text) => {
  expect(isDate(text)).toBe(false);
  expect(isExpired(text, new Date('2020-01-01'))).toBe(true);
});

test('an entry holds to the end of its day, in UTC', () => {
  expect(isExpired('2027-01-31', new Date('2027-01-31T23:59:59.999Z'))).toBe(false);
  expect(isExpired('2027-01-31', new Date('2027-02-01T00:00:00Z'))).toBe(true);
  expect(isExpired(undefined, new Date('9999-12-31'))).toBe(false);
});
