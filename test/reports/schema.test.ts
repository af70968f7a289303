import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { reporterFor, type ReporterOptions } from '../../packages/core/src/reports/formats.ts';
import type { Report } from '../../packages/core/src/types/index.ts';
import { parseAs } from '../support/json.ts';
import { EMPTY, HISTORY, HOSTILE, STAGED, finding, report } from '../support/reports.ts';

type Schema = Record<string, unknown>;

const CASES: readonly (readonly [string, Report])[] = [
  ['empty', EMPTY],
  ['history', HISTORY],
  ['hostile', HOSTILE],
  ['staged', STAGED],
  ['without places', report({ findings: [finding({ sightings: [], sightingCount: 0 })] })],
];

function readJson(path: string): Schema {
  return parseAs<Schema>(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

function render(id: string, of: Report, options?: ReporterOptions): string {
  return [...reporterFor(id, options).render(of)].join('');
}

function expectValid(validate: ValidateFunction, value: unknown): void {
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

const published = readJson('../../docs/schema/report.schema.json');

/** The published schema lets unknown fields pass, as they may be added; this one does not, so that none stays undescribed. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if (copy['properties'] !== undefined && copy['type'] === 'object') copy['unevaluatedProperties'] ??= false;
  return copy;
}

/** Objects that others extend by `allOf` are closed where they are extended. */
function closedSchema(): Schema {
  const schema = closed(published) as { $defs: Record<string, Schema> } & Schema;
  for (const [name, definition] of Object.entries(schema.$defs)) {
    if (['finding', 'suppressedFinding', 'notScanned', 'summary'].includes(name))
      delete definition['unevaluatedProperties'];
  }
  const extend = (name: string): Schema => ({ $ref: `#/$defs/${name}`, unevaluatedProperties: false });
  const properties = schema['properties'] as Record<string, Schema>;
  properties['findings'] = { type: 'array', items: extend('finding') };
  properties['suppressed'] = { type: 'array', items: extend('suppressedFinding') };
  properties['notScanned'] = { type: 'array', items: extend('notScanned') };
  properties['summary'] = extend('summary');
  return schema;
}

const ajv = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
});
const open = ajv.compile(published);
const strict = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
}).compile(closedSchema());

describe('docs/schema/report.schema.json', () => {
  it.each(CASES)('describes the json report of %s, every field of it', (_, of) => {
    const value = parseAs<unknown>(render('json', of));
    expectValid(open, value);
    expectValid(strict, value);
  });

  it.each(CASES)('describes every line of jsonl of %s', (_, of) => {
    for (const line of render('jsonl', of).trimEnd().split('\n')) {
      const value = parseAs<{ readonly type: string }>(line);
      const validate = ajv.getSchema(`urn:unleak:report:1#/$defs/${value.type}Line`);
      if (validate === undefined) throw new Error(`no schema for ${value.type}`);
      expectValid(validate as ValidateFunction, value);
    }
  });

  it('lets fields be added and none be taken away', () => {
    const { findings, ...rest } = parseAs<{ readonly findings: readonly Schema[] }>(render('json', HISTORY));
    const added = { ...rest, findings: findings.map((fields) => ({ ...fields, later: 1 })) };
    expectValid(open, added);
    expect(strict(added)).toBe(false);
    expect(open({ ...rest, findings: findings.map((fields) => ({ ...fields, fingerprint: undefined })) })).toBe(false);
  });
});

/** Draft 4 says `id` where Ajv wants `$id`; the schema uses nothing else that later drafts read differently. */
function sarifValidator(): ValidateFunction {
  const { $schema: _, id: __, ...schema } = readJson('../golden/schemas/sarif-2.1.0-rtm.5.json');
  // The pattern of languages there is no Unicode regular expression.
  const validator = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  ajvFormats.default(validator);
  return validator.compile(schema);
}

describe('SARIF 2.1.0', () => {
  const validate = sarifValidator();

  it('is what its validator refuses to take when broken', () => {
    expect(validate(JSON.parse(render('sarif', HISTORY).replace('"level": "error"', '"level": "catastrophe"')))).toBe(
      false,
    );
  });

  it.each(CASES)('describes the report of %s', (_, of) => {
    expectValid(validate, JSON.parse(render('sarif', of, { sarif: { category: 'unleak/history' } })));
  });

  it.each(CASES.filter(([name]) => name !== 'hostile'))("describes gitleaks' view of %s", (_, of) => {
    expectValid(validate, JSON.parse(render('gitleaks-sarif', of)));
  });

  it('wants relative references, which raw paths are not: only the uri of a strange path is refused in gitleaks’ view', () => {
    validate(JSON.parse(render('gitleaks-sarif', HOSTILE)));
    for (const error of validate.errors ?? []) expect(error.instancePath).toMatch(/artifactLocation\/uri$/);
  });
});
