import { expect, test } from 'vitest';
import { amounts, kingfisherReport, leaksLog, trufflehogLog, unleakReport } from './reports.mjs';

test('unleak: what was scanned comes from the summary, findings are counted', () => {
  const summary = { complete: true, texts: 1500, bytes: 3 * 2 ** 20, facts: { commits: 12 } };
  const report = { findings: [{}, {}], summary };
  expect(unleakReport(JSON.stringify(report))).toEqual({ scanned: '12 commits, 1,500 texts, 3 MiB', findings: 2 });
  const cut = { ...report, summary: { complete: false, texts: 1, bytes: 0 } };
  expect(unleakReport(JSON.stringify(cut)).scanned).toBe('1 texts, 0 KiB, incomplete');
});

test('Kingfisher: the summary is printed beside the report', () => {
  const printed = `some words\n{"findings":7,"blobs_scanned":17918,"bytes_scanned":231331661}\n`;
  expect(kingfisherReport('{"audit":{}}\n', printed)).toEqual({ scanned: '17,918 blobs, 221 MiB', findings: 7 });
});

test('gitleaks and betterleaks: the log says it', () => {
  const gitleaks = [
    '11:40PM INF 9806 commits scanned.',
    '11:40PM INF scanned ~13407064 bytes (13.41 MB) in 2.2s',
    '11:40PM WRN leaks found: 6',
  ].join('\n');
  expect(leaksLog('[]', '', gitleaks)).toEqual({ scanned: '9,806 commits, 13 MiB', findings: 6 });
  const betterleaks = '11:40PM INF scanned ~12309056 bytes (12.31 MB) in 1.66s\n11:40PM INF no leaks found\n';
  expect(leaksLog('', '', betterleaks)).toEqual({ scanned: '12 MiB', findings: 0 });
});

test('a scan that ended at an error failed, though it exits 0 and counts leaks', () => {
  const log = '11:40PM ERR [git] fatal: unable to read\n11:40PM INF 3 commits scanned.\n11:40PM WRN leaks found: 1\n';
  expect(leaksLog('', '', log)).toEqual({
    scanned: '3 commits, failed: 11:40PM ERR [git] fatal: unable to read',
    failed: true,
  });
});

test('TruffleHog: a line for each finding, and a last line of the log', () => {
  const log = [
    '{"level":"info-0","msg":"running source"}',
    '{"level":"info-0","msg":"finished scanning","chunks":2120,"bytes":1048576,"verified_secrets":0}',
  ].join('\n');
  expect(trufflehogLog('', '{"a":1}\n{"a":2}\n', log)).toEqual({ scanned: '2,120 chunks, 1 MiB', findings: 2 });
});

test('a run that said nothing has no findings, rather than none', () => {
  for (const read of [unleakReport, kingfisherReport, leaksLog, trufflehogLog]) {
    expect(read('', '', 'fatal: something').findings).toBeUndefined();
  }
  expect(amounts({ blobs: undefined, bytes: undefined })).toBe('–');
});
