import { spawnSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dotenvValue, freeName, parseDotenv } from './dotenv.ts';

const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
});

test('what is written is what Node, and we, read', () => {
  fc.assert(
    fc.property(printable, (value) => {
      const written = dotenvValue(value);
      if (written === undefined) return;
      const text = `A=1\nB=${written}\nC=2\n`;
      expect(parseEnv(text)).toEqual({ A: '1', B: value, C: '2' });
      expect(parseDotenv(text)).toEqual(
        new Map([
          ['A', '1'],
          ['B', value],
          ['C', '2'],
        ]),
      );
    }),
  );
});

test('and what a shell reads', () => {
  const values = fc.sample(printable, { numRuns: 60, seed: 7 }).filter((value) => dotenvValue(value) !== undefined);
  expect(values.length).toBeGreaterThan(10);
  const script = values.map((value, i) => `V${i}=${dotenvValue(value) ?? ''}\nprintf '%s\\n' "$V${i}"\n`).join('');
  expect(spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout).toBe(
    values.map((value) => `${value}\n`).join(''),
  );
});

test('what readers understand differently has no form', () => {
  for (const value of ['', 'a\nb', 'ä', `'"`, `it's $HOME`, `it's \\n`, '\u0000'])
    expect(dotenvValue(value), value).toBeUndefined();
  expect(dotenvValue("it's")).toBe('"it\'s"');
  expect(dotenvValue('$x # "y"')).toBe(`'$x # "y"'`);
});

test('a name with another value is not taken over', () => {
  const taken = new Map([
    ['A', '1'],
    ['A_2', '2'],
  ]);
  expect([
    freeName('A', '1', taken),
    freeName('A', '2', taken),
    freeName('A', '3', taken),
    freeName('B', '1', taken),
  ]).toEqual(['A', 'A_2', 'A_3', 'B']);
});

test('comments, exports and quotes of an existing file', () => {
  const text = `# A=0\nexport A=1 # one\r\nB = "two"\nC='3 # 3'\nnothing\nA=4\n`;
  expect(parseDotenv(text)).toEqual(
    new Map([
      ['A', '4'],
      ['B', 'two'],
      ['C', '3 # 3'],
    ]),
  );
});
