import { expect, test } from 'vitest';
import { ascii } from '../../bytes/ascii.ts';
import { isPublicSample } from './public-samples.ts';

test('the AWS key of the documentation is known, one with another letter is not', () => {
  const documented = ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/');
  expect(isPublicSample(ascii(documented))).toBe(true);
  expect(isPublicSample(ascii(documented.replace('w', 'v')))).toBe(false);
});

test('an id of ours is no secret, wherever our reports are kept', () => {
  expect(isPublicSample(ascii(['c1', 'orzf5c7vwlvgiddmvbtf'].join('_')))).toBe(true);
  expect(isPublicSample(ascii(['c2', 'orzf5c7vwlvgiddmvbtf'].join('_')))).toBe(false);
});
