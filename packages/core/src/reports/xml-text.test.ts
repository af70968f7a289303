import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseXml } from '../../../../test/support/xml.ts';
import { neutralise } from '../bytes/display.ts';
import { xmlAttributes, xmlText } from './xml-text.ts';

it('text and attributes are read back as they were', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
      const text = neutralise(raw, '\n\t');
      const parsed = parseXml(`<a${xmlAttributes({ b: text })}>${xmlText(text)}</a>`);
      expect(parsed).toMatchObject({ attributes: { b: text }, text });
    }),
  );
});
