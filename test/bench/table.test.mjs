import { expect, test } from 'vitest';
import { bytes, median, onlyKnown, resultRows, seconds, table, times } from './table.mjs';

const ran = (wall, more) => ({
  seconds: wall,
  cpuSeconds: wall * 2,
  peakBytes: 300 * 2 ** 20,
  ownBytes: 200 * 2 ** 20,
  code: 0,
  signal: null,
  timedOut: false,
  ...more,
});

test('the median is the middle by size, whatever the order', () => {
  expect(median([10, 9, 100])).toBe(10);
  expect(median([4, 1])).toBe(2.5);
  expect(median([4, undefined])).toBeUndefined();
  expect(median([])).toBeUndefined();
});

test('figures have about three digits, and what is not known is a dash', () => {
  expect([0.0456, 0.456, 4.567, 45.67, 456.7, undefined].map(seconds)).toEqual([
    '0.046 s',
    '0.46 s',
    '4.57 s',
    '45.7 s',
    '457 s',
    '–',
  ]);
  expect(times(0.35)).toBe('0.35 ×');
  expect([2048, 5 * 2 ** 20 + 1, undefined].map(bytes)).toEqual(['2 KiB', '5 MiB', '–']);
});

test('a table is Markdown whose columns line up', () => {
  expect(
    table(
      ['what', 'n'],
      [
        ['a|b', 1],
        ['long name', 22],
      ],
    ),
  ).toBe(
    [
      '| what      | n  |', //
      '| --------- | -- |',
      '| a\\|b      | 1  |',
      '| long name | 22 |',
    ].join('\n'),
  );
});

test('columns that say nothing in any row are left out', () => {
  expect(
    onlyKnown(
      ['a', 'b', 'c'],
      [
        ['1', '–', '–'],
        ['2', '–', '3'],
      ],
    ),
  ).toEqual([
    ['a', 'c'],
    [
      ['1', '–'],
      ['2', '3'],
    ],
  ]);
});

test('a row has medians, the range, the largest peak, and the ratio to the first line', () => {
  const [floor, scan] = resultRows([
    { name: 'floor', runs: [ran(10)] },
    {
      name: 'scan',
      runs: [ran(5), ran(4, { peakBytes: 400 * 2 ** 20 }), ran(9, { code: 1 })],
      scanned: '1,000 commits',
      findings: 1234,
    },
  ]);
  expect(floor).toEqual(['floor', '10.0 s', '1.00 ×', '20.0 s', '300 MiB', '200 MiB', '–', '–', '0']);
  expect(scan).toEqual([
    ...['scan', '5.00 s (4.00–9.00)', '0.50 ×', '10.0 s', '400 MiB', '200 MiB'],
    ...['1,000 commits', '1,234', '0/1'],
  ]);
});

test('a run that was stopped is more than what it took', () => {
  const stopped = ran(1800, { timedOut: true, cpuSeconds: undefined, code: null, signal: 'SIGKILL' });
  const [, row] = resultRows([
    { name: 'floor', runs: [ran(10)] },
    { name: 'slow', runs: [stopped] },
  ]);
  expect(row).toEqual(['slow', '> 1800 s', '> 180 ×', '–', '300 MiB', '200 MiB', '–', '–', 'stopped']);
});
