/** The published JSON Schema of `unleak.yaml`, which editors check with, against the reader that has the last word. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { ConfigError } from '../../packages/core/src/config/error.ts';
import { parseConfig } from '../../packages/core/src/config/parse.ts';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/schema/config.schema.json'), 'utf8'),
) as object;
const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

function isRead(value: unknown): boolean {
  try {
    parseConfig('c', JSON.stringify(value));
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

test.each<unknown>([
  { version: 1 },
  { version: 1, rules: { files: ['a'], overrides: { 'github-pat': { severity: 'low', entropy: 3.5 } } } },
  { version: 1, allow: [{ paths: ['docs/**'], until: '2027-01-31' }] },
  { version: 1, limits: { maxFileSize: '10 MiB', maxDecodeDepth: 0 } },
  { version: 1, limits: { maxFileSize: 1000 } },
  { version: 1, ignore: { markers: ['unleak', 'gitleaks'] }, failOn: 'present', workers: 2, strict: true },
])('an editor takes what is read: %j', (value) => {
  expect(isRead(value)).toBe(true);
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
});

test.each<unknown>([
  {},
  [],
  { version: 2 },
  { version: 1, rulse: {} },
  { version: 1, rules: { disabled: [] } },
  { version: 1, rules: { overrides: { a: { severity: 'extreme' } } } },
  { version: 1, paths: { exclude: 'vendor' } },
  { version: 1, allow: [{ paths: ['a'], untill: '2027-01-31' }] },
  { version: 1, limits: { maxFileSize: 'large' } },
  { version: 1, limits: { maxDecodeDepth: 9 } },
  { version: 1, workers: 0.5 },
  { version: 1, project: { salt: 'short' } },
])('an editor marks what is not read: %j', (value) => {
  expect(isRead(value)).toBe(false);
  expect(validate(value)).toBe(false);
});

test('every key is explained or holds keys that are', () => {
  const unexplained: string[] = [];
  const visit = (node: { properties?: Record<string, object> }, path: string): void => {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      const inner = child as { description?: string; properties?: Record<string, object> };
      if (inner.description === undefined && inner.properties === undefined) unexplained.push(`${path}${key}`);
      visit(inner, `${path}${key}.`);
    }
  };
  visit(schema, '');
  expect(unexplained).toEqual(['version']);
});
