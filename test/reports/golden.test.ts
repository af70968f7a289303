import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reporterFor } from '../../packages/core/src/reports/formats.ts';
import { REPORT_FORMATS, type ReporterOptions } from '../../packages/core/src/reports/index.ts';
import type { Report } from '../../packages/core/src/types/index.ts';
import { EMPTY, HISTORY, HOSTILE, STAGED } from '../support/reports.ts';

/**
 * What each format looks like, byte for byte, so that every change of output shows in review. They record and do not
 * judge: what is right is said by the tests beside the reporters. `UPDATE_GOLDEN=1` rewrites them.
 */
const FOLDER = fileURLToPath(new URL('../golden/reports/', import.meta.url));
const update = process.env['UPDATE_GOLDEN'] === '1';

const CASES: Readonly<Record<string, Report>> = { empty: EMPTY, history: HISTORY, hostile: HOSTILE, staged: STAGED };

function compare(name: string, text: string): void {
  const path = `${FOLDER}${name}`;
  if (update) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}

describe.each(Object.entries(CASES))('%s', (name, report) => {
  it.each(REPORT_FORMATS.map((format) => [format.id, format] as const))('as %s', (id, format) => {
    compare(`${name}.${id}.${format.extension}`, [...reporterFor(id).render(report)].join(''));
  });
});

it.each([
  ['colour', { terminal: { colour: true } }],
  ['low', { terminal: { showLow: true } }],
  ['narrow', { terminal: { width: 50 } }],
] as const satisfies readonly (readonly [string, ReporterOptions])[])('history on a terminal, %s', (name, options) => {
  compare(`history.terminal-${name}.txt`, [...reporterFor('terminal', options).render(HISTORY)].join(''));
});
