import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRow, withoutFormula } from './csv-text.ts';

/** RFC 4180, independently: one record. */
function parse(record: string): string[] {
  const fields: string[] = [];
  let i = 0;
  while (i < record.length) {
    let field = '';
    if (record[i] === '"') {
      for (i++; !(record[i] === '"' && record[i + 1] !== '"'); i++) {
        if (record[i] === '"') i++;
        field += record[i];
      }
      i++;
    } else {
      for (; record[i] !== ',' && record[i] !== '\n'; i++) field += record[i];
    }
    fields.push(field);
    i++;
  }
  return fields;
}

describe('csvRow', () => {
  it('quotes only what needs it', () => {
    expect(csvRow(['a', '', 'b c', 'd,e', 'f"g', 'h\ni', ' j'])).toBe('a,,b c,"d,e","f""g","h\ni"," j"\n');
  });

  it('is read back as the same fields', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', ';') });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 5 }), (fields) => {
        expect(parse(csvRow([...fields, 'end']))).toEqual([...fields, 'end']);
      }),
    );
  });
});

it('withoutFormula keeps a spreadsheet from computing', () => {
  expect(['=1+1', '+1', '-1', '@x', '\tx', 'a=1', ''].map(withoutFormula)).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@x",
    "'\tx",
    'a=1',
    '',
  ]);
});
