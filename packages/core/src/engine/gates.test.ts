/**
 * A gate must not lose a secret: over generated assignments, every rule that names a gate finds the same with and
 * without it, and without what is known of the surroundings of its keywords. The rules are the shipped ones, so that a pattern that grows beyond its gate fails here.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ascii } from '../bytes/ascii.ts';
import { compileRule } from '../rules/compile-rule.ts';
import { parseRuleFile } from '../rules/parse.ts';
import type { Rule } from '../types/index.ts';
import { createScanner } from './scanner.ts';
import type { Scanner } from './scanner.ts';

const FAMILIES = join(import.meta.dirname, '../../../../rules/families');

function gatedRules(): Rule[] {
  const rules: Rule[] = [];
  for (const name of readdirSync(FAMILIES).sort()) {
    const parsed = parseRuleFile(name, readFileSync(join(FAMILIES, name), 'utf8'));
    if ('problems' in parsed) throw new Error(`${name} does not parse`);
    for (const source of parsed.file.rules) {
      const compiled = compileRule(parsed.file, source);
      if ('problems' in compiled) throw new Error(`${source.id} does not compile`);
      if (compiled.rule.gate !== undefined) rules.push(compiled.rule);
    }
  }
  return rules;
}

/** The pattern alone decides: filters would hide what the gate lost. */
function bare(rule: Rule, gated: boolean): Scanner {
  const { gate: _gate, around: _around, ...rest } = rule;
  const open: Rule = gated ? rule : rest;
  const plain: Rule = { ...open, minEntropy: 0, placeholders: false, words: false, allow: [] };
  const digest = `${rule.id} ${gated ? 'gated' : 'free'}`;
  return createScanner({ digest, rules: [plain], allow: [] }, { maxDecodeDepth: 0 });
}

const spans = (scanner: Scanner, text: string): string[] => [
  ...new Set(scanner.scan(Buffer.from(ascii(text))).hits.map((hit) => `${hit.span.start}-${hit.span.end}`)),
];

const name = fc.constantFrom(
  'password',
  'pass',
  'db_pwd',
  'Passphrase',
  'userPass',
  'MYSQL_PASS_2',
  'apiKey',
  'API_KEY',
  'secret',
  'token',
  'access-token',
  'auth',
  'credentials',
  'licenseKey',
  'GITHUBKEY',
  'client.secret',
  'privateKeyBase64',
  'my-$token',
  'oauth2_secret_prod',
  'key',
);
const blank = fc.constantFrom('', ' ', '  ', '\t', ' '.repeat(40), '\n  ', '\r\n\t');
const close = fc.constantFrom('', '"', "'", '\\"', '"]', "']", '[25]', ')', '}', '[]', '"})');
const operator = fc.constantFrom(
  '=',
  ':',
  '=>',
  ':=',
  '==',
  '===',
  '!=',
  '!==',
  '->',
  '<-',
  '||',
  '??',
  ',',
  '(',
  '>',
  ': string =',
  ' String =',
  '?: &str =',
  '" value=',
  '',
  ' ',
  ':=:',
  '-',
  '|',
);
const opening = fc.constantFrom(
  '',
  '"',
  "'",
  '`',
  '\\"',
  '@"',
  'b"',
  'new String("',
  'String("',
  'process.env.X || "',
  "a ?? '",
  'Buffer.from("',
  'foo("',
  '$"',
);
const value = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcXYZ0189-_./+~=!@#$%^&*?:;,(){}[]<>|\\ '), minLength: 1, maxLength: 44 }),
  fc.string({ unit: fc.constantFrom(...'abcdefGHIJKL0123456789-_'), minLength: 4, maxLength: 44 }),
  fc.uuid(),
);
const ending = fc.constantFrom(
  '"',
  "'",
  '`',
  '\\"',
  '',
  ';',
  ',',
  ')',
  '\n',
  '</x>',
  '" ',
  '") ',
  '"\n',
  "',",
  '":\n',
  '" + x',
  '(',
  ' # c',
);
const before = fc.constantFrom(
  '',
  '\n',
  'export ',
  '("',
  "define( '",
  '<',
  '<a:',
  'const ',
  '["',
  'user = "anna"\n',
  '"username": "bob",\n "',
  'x.',
  '--',
  '# ',
  '- ',
);

/** Assignments whose parts fit together, so that most rules find something. */
const coherent = fc
  .tuple(
    before,
    name,
    fc.constantFrom('"', "'", '`', ''),
    fc.constantFrom('=', ': ', ' = ', ' => ', ' := ', '(', ', ', ' == ', ': string = ', '>', ' '),
    fc.oneof(fc.string({ unit: fc.constantFrom(...'abcdefGHIJKL0123456789'), minLength: 4, maxLength: 40 }), fc.uuid()),
    fc.constantFrom('', '\n', ';', ',', ')', '</x>', ' ', ' # c'),
    fc.boolean(),
  )
  .map(([head, key, quote, middle, secret, tail, quotedName]) =>
    [head, quotedName ? quote : '', key, quotedName ? quote : '', middle, quote, secret, quote, tail].join(''),
  );
const element = fc.tuple(name, value).map(([key, secret]) => `<a>\n  <${key}>${secret}</${key}>`);
/** A name and its value in two fields of a list, two lines, or two elements. */
const apart = fc
  .tuple(
    before,
    fc.constantFrom('DB_PASSWORD', 'api_token', 'APP_SECRET2', 'x_key', 'PASSPHRASE1', 'adminpass', 'apikey'),
    fc.constantFrom('"', "'", ''),
    fc.constantFrom(
      ...[', "value": "', ',\n  "Value" : "', ", 'value': '", '\n  value: ', '\r\n\tvalue: "', ' \n value: '],
      ...['</key>\n<string>', '</name><value>', '</x> <string>', ', "valuable": "', '\nvalues: '],
    ),
    fc.string({ unit: fc.constantFrom(...'abcdefGHIJKL0123456789'), minLength: 4, maxLength: 40 }),
    fc.constantFrom('"', "'", '\n', '', ' ', '</string>'),
  )
  .map((parts) => parts.join(''));
const torn = fc
  .tuple(before, name, close, blank, operator, blank, opening, value, ending)
  .map((parts) => parts.join(''));

it('every secret of a gated rule is found through its gate', () => {
  const scanners = gatedRules().map((rule) => ({
    id: rule.id,
    gate: rule.gate,
    with: bare(rule, true),
    without: bare(rule, false),
  }));
  const found = new Set<string>();
  fc.assert(
    fc.property(
      fc.oneof(
        { weight: 4, arbitrary: torn },
        { weight: 4, arbitrary: coherent },
        { weight: 1, arbitrary: element },
        { weight: 2, arbitrary: apart },
      ),
      (text) => {
        for (const scanner of scanners) {
          const wanted = spans(scanner.without, text);
          if (wanted.length > 0) found.add(scanner.id);
          expect(spans(scanner.with, text), scanner.id).toEqual(wanted);
        }
      },
    ),
    { numRuns: 2500, seed: 3 },
  );
  // The texts must be such that the rules find something, or the comparison says nothing.
  const assignments = scanners.filter((s) => s.gate !== 'userinfo').map((s) => s.id);
  expect([...found].sort()).toEqual(assignments.sort());
}, 60_000);

it('a URL with user and password passes its gate', () => {
  const rule = gatedRules().find((r) => r.gate === 'userinfo');
  if (rule === undefined) throw new Error('no rule names the gate');
  const gated = bare(rule, true);
  const free = bare(rule, false);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab1:@/%.$ "\'<>\\-_#?\v\f'), maxLength: 40 }), (rest) => {
      const text = `x https://${rest}@host.internal/`;
      expect(spans(gated, text)).toEqual(spans(free, text));
    }),
    { numRuns: 2000, seed: 5 },
  );
}, 60_000);
