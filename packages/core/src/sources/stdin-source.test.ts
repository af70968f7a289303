import { expect, it } from 'vitest';
import { fakeScan, fakeSecret } from '../../../../test/support/fake-engine.ts';
import { createStdinSource } from './stdin-source.ts';

it('scans what it is given, whatever it looks like', async () => {
  const result = await fakeScan(
    createStdinSource({ bytes: Buffer.from(`\x89PNG\r\n\x1a\n\0\0\n${fakeSecret('aa')}`, 'latin1') }),
  );
  expect(result.located.map(({ sighting }) => sighting)).toEqual([
    { kind: 'stdin', path: 'stdin', line: 4, column: 1, endLine: 4, endColumn: 10 },
  ]);
  expect(result.notScanned).toEqual([]);
});

it('excludes what is over the limit', async () => {
  const result = await fakeScan(
    createStdinSource({ bytes: Buffer.from(fakeSecret('aa')), maxTextBytes: 5, name: 'log' }),
  );
  expect(result.texts.size).toBe(0);
  expect(result.notScanned).toEqual([{ state: 'excluded', reason: 'too-large', where: 'stdin', detail: '9 bytes' }]);
});
