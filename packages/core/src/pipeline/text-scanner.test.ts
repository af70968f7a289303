import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { linearMemory } from '../bytes/linear-memory.ts';
import { testRule, testRuleset } from '../engine/test-rules.ts';
import { defaultRuleset } from '../rules/default-ruleset.ts';
import type { Text } from '../types/index.ts';
import type { TextScanSettings } from './messages.ts';
import { createTextScanner } from './text-scanner.ts';

const wide = testRule({ id: 'wide', keywords: ['tok_'], pattern: '(?P<secret>tok_[ab]+(?:-[cd]+)?)' });
const narrow = testRule({ id: 'narrow', keywords: ['tok_'], pattern: '(?P<secret>tok_[ab]+)' });
const alone = testRule({ id: 'alone', keywords: ['key_'], pattern: '(?P<secret>key_[ab]+)', reportAlone: false });
const other = testRule({ id: 'other', keywords: ['oth_'], pattern: '(?P<secret>oth_[ab]+)' });

const settings: TextScanSettings = {
  ruleset: testRuleset(alone, narrow, other, wide),
  maxDecodeDepth: 3,
  inherit: true,
  salt: 'salt',
  repository: '',
  fingerprintKey: new Uint8Array(32),
  reveal: false,
  inlineMarkers: [],
  sha1: false,
};

function text(content: string, more: Partial<Text> = {}): Text {
  return { id: 'a text', bytes: new TextEncoder().encode(content), ...more };
}

const found = (report: ReturnType<ReturnType<typeof createTextScanner>['scan']>): readonly string[] | undefined =>
  report?.hits.map(({ rule, line }) => `${rule} ${line}`);

test('a report names all rules that have a say, also those that yielded or complete others', () => {
  const scanner = createTextScanner(settings);
  const report = scanner.scan(text('tok_aab-cdc\nkey_aaa\n'));
  expect(found(report)).toEqual(['wide 1']);
  expect(report?.rules).toEqual(['alone', 'narrow', 'wide']);
  expect(scanner.scan(text('key_bbb'))).toMatchObject({ hits: [], rules: ['alone'] });
  expect(scanner.scan(text('token'))).toBeUndefined();
  const encoded = Buffer.from('this is longer than a line: oth_abab').toString('base64');
  expect(scanner.scan(text(encoded))?.rules).toEqual(['other']);
});

test('a text with `probe` is asked about the changed rules; what others would find is not looked for', () => {
  const scanner = createTextScanner(settings, testRuleset(other));
  expect(scanner.scan(text('tok_aaa', { probe: true }))).toBeUndefined();
  expect(found(scanner.scan(text('tok_aaa')))).toEqual(['narrow 1']);
});

test('if one of them has a say in it, it is scanned with all rules, in place of what is known', () => {
  const scanner = createTextScanner(settings, testRuleset(narrow, alone));
  const report = scanner.scan(text('tok_aaa-cc\noth_bb', { probe: true }));
  expect(found(report)).toEqual(['wide 1', 'other 2']);
  expect(report?.replaces).toBe(true);
  // No hit comes of it, but it could: of a part that another rule needs, say.
  expect(scanner.scan(text('key_aa', { probe: true }))).toMatchObject({ hits: [], rules: ['alone'], replaces: true });
});

test('texts that derive from one another, some probed, some scanned: each as if it stood alone', () => {
  const contents = ['none\n', 'oth_aa\n', 'oth_aa\ntok_aa\n', 'oth_aa\ntok_aa\nkey_b\n', 'tok_aa\nkey_b\n', 'key_b\n'];
  const changed = testRuleset(other);
  for (let kinds = 0; kinds < 2 ** contents.length; kinds++) {
    const scanner = createTextScanner(settings, changed);
    for (const [at, content] of contents.entries()) {
      const common = commonPrefix(contents[at - 1] ?? '', content);
      const copies = Int32Array.from(common === 0 ? [] : [0, 0, common]);
      const probe = ((kinds >> at) & 1) === 1;
      const inherit = at === 0 ? undefined : { base: at - 1, copies };
      const report = scanner.scan(text(content, { probe, inherit, keep: at }));
      const own = createTextScanner(settings, changed).scan(text(content, { probe }));
      expect(report, `${kinds} ${at}`).toEqual(own);
    }
  }
});

test('a slot in which another text is kept by now: what was remembered there is not taken for that of the new one', () => {
  const scanner = createTextScanner(settings, testRuleset(other));
  const around = '.'.repeat(100);
  const whole = Int32Array.of(0, 0, 206);
  // Scanned, then probed in the same slot, then one to scan that derives from the second.
  scanner.scan(text(`${around}tok_aa${around}`, { keep: 0 }));
  scanner.scan(text(`${around}nothin${around}`, { keep: 0, probe: true }));
  expect(scanner.scan(text(`${around}nothin${around}!`, { inherit: { base: 0, copies: whole } }))).toBeUndefined();
  // And the other way round.
  scanner.scan(text(`${around}nothin${around}`, { keep: 0, probe: true }));
  scanner.scan(text(`${around}oth_aa${around}`, { keep: 0 }));
  const report = scanner.scan(text(`${around}oth_aa${around}!`, { inherit: { base: 0, copies: whole }, probe: true }));
  expect(found(report)).toEqual(['other 1']);
});

function commonPrefix(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

const ROOM = 1 << 16;

test('a text in linear memory that grows while the text is probed is still scanned whole', () => {
  const scanner = createTextScanner(settings, testRuleset(other));
  const content = new TextEncoder().encode(`tok_aa ${'oth_aa '.repeat(200_000)}`);
  const memory = linearMemory();
  const pointer = memory.allocate(content.length + 64);
  memory.bytes.set(content, pointer);
  // No room is left, so that the first thing to be put down makes it grow.
  while (memory.allocate(ROOM) + 2 * ROOM <= memory.bytes.length);
  const { buffer } = memory.memory;
  const bytes = new Uint8Array(buffer, pointer, content.length);
  const report = scanner.scan(text('', { bytes, probe: true }));
  expect(memory.memory.buffer).not.toBe(buffer);
  expect(report?.rules).toEqual(['narrow', 'other', 'wide']);
  expect(report?.hits).toHaveLength(1001);
});

test("the file of the product's own rules is about credentials and holds none; any other file is not it", async () => {
  const ruleset = await defaultRuleset();
  const scanner = createTextScanner({ ...settings, ruleset });
  const rules = readFileSync(new URL('../rules/generated/rules.jsonl', import.meta.url));
  expect(scanner.scan({ id: 'ours', bytes: rules })).toBeUndefined();
  expect(scanner.scan({ id: 'longer', bytes: Buffer.concat([rules, Buffer.from(' ')]) })).toBeDefined();
  const changed = Buffer.from(rules);
  changed[changed.length - 2] = 0x20;
  expect(scanner.scan({ id: 'another', bytes: changed })).toBeDefined();
});
