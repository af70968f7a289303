import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY,
  HISTORY,
  HOSTILE,
  STAGED,
  commit,
  finding,
  gitSighting,
  report,
  shuffled,
} from '../../../../test/support/reports.ts';
import { parseAs } from '../../../../test/support/json.ts';
import { parseXml } from '../../../../test/support/xml.ts';
import { isUnsafeToShow } from '../bytes/display.ts';
import type { Report } from '../types/report.ts';
import { REPORT_FORMATS, createReporter, findFormat, formatForPath, type ReportFormat } from './format-table.ts';
import { reporterFor, type ReporterOptions } from './formats.ts';

const ALL_OPTIONS: ReporterOptions = {
  terminal: { colour: false, width: 100, showLow: true },
  sarif: { category: 'unleak/test' },
  gitlab: { startTime: new Date(0) },
  gitleaks: { redact: 0 },
};

function render(format: ReportFormat, of: Report, options: ReporterOptions = ALL_OPTIONS): string {
  return [...reporterFor(format.id, options).render(of)].join('');
}

/** Fields whose values are a closed list, a number or made here: everything else in a report comes from outside. */
const OWN = new Set([
  'kind',
  'severity',
  'confidence',
  'identity',
  'state',
  'by',
  'reason',
  'date',
  'name',
  'version',
  'console',
]);

/** The report with `extra` put into every text that could come from scanned input or from a rule. */
function spoil<T>(value: T, extra: string, key = ''): T {
  if (typeof value === 'string') return (OWN.has(key) ? value : `${extra}${value}${extra}`) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => spoil(item, extra, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, spoil(item, extra, name)])) as T;
}

describe.each(REPORT_FORMATS.map((format) => [format.id, format] as const))('%s', (_, format) => {
  it('depends on the report alone, not on its order', () => {
    for (const of of [EMPTY, HISTORY, HOSTILE, STAGED]) {
      expect(render(format, shuffled(of))).toBe(render(format, of));
    }
  });

  it('leaves the report as it was', () => {
    const before = structuredClone(HISTORY);
    render(format, HISTORY);
    expect(HISTORY).toEqual(before);
  });

  it('writes nothing that moves a cursor, hides text or changes its direction', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '\u001b[2J',
        '\u009b',
        '\r',
        '\n',
        '\b',
        '\u0007',
        '\u202e',
        '\u2066',
        '\u200f',
        '\u2028',
        '\ud800',
        '\u{e0041}',
        'a',
        '"',
        '<',
        ',',
      ),
    });
    fc.assert(
      fc.property(nasty, fc.boolean(), (extra, revealed) => {
        const text = render(format, spoil({ ...HISTORY, revealed }, extra));
        expect(
          [...text].find((c) => c !== '\n' && c !== '\t' && isUnsafeToShow(c.codePointAt(0) ?? 0)),
        ).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it('is well-formed whatever the texts hold', () => {
    for (const of of [EMPTY, HISTORY, HOSTILE, spoil(HISTORY, '\u0000<&]]>"\'\\,\r\n\ud800')]) {
      const text = render(format, of);
      if (format.extension === 'xml') parseXml(text);
      else if (format.id === 'jsonl') for (const line of text.trimEnd().split('\n')) parseAs(line);
      else if (['json', 'sarif'].includes(format.extension)) parseAs(text);
      else expect(text === '' || text.endsWith('\n')).toBe(true);
    }
  });

  it('shows a secret only out of a report that holds it, and only if its row says so', () => {
    const planted = 'plantedvalue';
    const message = {
      kind: 'commit-message',
      path: '',
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 9,
      ...commit('6', '2024-06-06T00:00:00Z'),
    } as const;
    const carrier = { ...gitSighting({ ...commit('6', '2024-06-06T00:00:00Z'), message: planted }), excerpt: planted };
    const more = {
      ...finding({ sightings: [{ ...message, message: planted }, carrier], sightingCount: 2 }),
      raw: planted,
      match: planted,
    };
    expect(render(format, { ...report({ findings: [more] }), extra: planted } as Report)).not.toContain(planted);
    const revealed = report({
      revealed: true,
      findings: [finding({ secret: planted, context: `x=${planted}`, parts: { other: planted } })],
    });
    expect(render(format, revealed).includes(planted)).toBe(format.showsSecrets);
  });

  it('has a name of its own that finds it', async () => {
    const names = REPORT_FORMATS.flatMap((f) => [f.id, ...f.aliases]);
    expect(names.filter((name) => name === format.id || format.aliases.includes(name))).toHaveLength(
      1 + format.aliases.length,
    );
    for (const name of [format.id, ...format.aliases]) expect(findFormat(name)).toBe(format);
    expect(reporterFor(format.id)).toMatchObject({ id: format.id, extension: format.extension });
    const loaded = await createReporter(format.id, ALL_OPTIONS);
    expect([...loaded.render(shuffled(HISTORY))].join('')).toBe(render(format, HISTORY));
  });
});

it('the format of a file follows from its extension', () => {
  const id = (path: string): string | undefined => formatForPath(path)?.id;
  expect(id('out/report.json')).toBe('json');
  expect(id('C:\\out\\Report.SARIF')).toBe('sarif');
  expect(id('x.jsonl')).toBe('jsonl');
  expect(id('x.ndjson')).toBe('jsonl');
  expect(id('x.csv')).toBe('csv');
  expect(id('x.xml')).toBe('junit');
  expect(id('x.txt')).toBe('terminal');
  expect(id('a.json/report')).toBeUndefined();
  expect(id('x.html')).toBeUndefined();
  expect(findFormat('template')).toBeUndefined();
  expect(() => reporterFor('template')).toThrow(RangeError);
});
