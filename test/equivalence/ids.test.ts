/** Credential ids belong to the credential and the project, not to a machine, a user, a checkout or a moved line. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFilesSource } from '../../packages/core/src/sources/files/files-source.ts';
import { createHistorySource } from '../../packages/core/src/sources/git/history-source.ts';
import type { Report } from '../../packages/core/src/types/index.ts';
import { testAmbient } from '../support/ambient.ts';
import { buildHidden, hiddenHistory, SECRETS } from '../support/hidden-history.ts';
import { credentialsOf, realScan, repositoryAt, scanSettings } from '../support/real-scan.ts';
import { plantedLines } from '../support/rule-examples.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** What a report says of each credential but its fingerprint, which is the user's own. */
function withoutFingerprints(report: Report): unknown {
  return [...report.findings, ...report.suppressed].map((finding) => ({ ...finding, fingerprint: '' }));
}

test(
  'a clone elsewhere, packed in another way, scanned by another user: equal but for the fingerprints',
  { timeout: 300_000 },
  async () => {
    const secrets = plantedLines((await scanSettings()).ruleset, 'ids', SECRETS);
    for (const history of fc.sample(hiddenHistory, { numRuns: 3, seed: 7 })) {
      const here = buildHidden(tempFolder(), history, secrets);
      const there = join(tempFolder(), 'home of somebody else', 'src', 'checkout.git');
      mkdirSync(join(there, '..'), { recursive: true });
      cpSync(here.path, there, { recursive: true });
      here.git('repack', '-adq');
      const mine = await realScan(createHistorySource({ repository: await repositoryAt(here.path) }, testAmbient()));
      const theirs = await realScan(
        createHistorySource(
          { repository: await repositoryAt(there) },
          testAmbient({
            uid: 4711,
            tmpdir: tempFolder(),
            env: { PATH: process.env['PATH'], HOME: '/elsewhere', USER: 'else' },
          }),
        ),
        { settings: { fingerprintKey: new Uint8Array(32).fill(9) } },
      );
      expect(credentialsOf(mine.report).length).toBeGreaterThan(0);
      expect(withoutFingerprints(theirs.report)).toEqual(withoutFingerprints(mine.report));
      const prints = new Set(mine.report.findings.map(({ fingerprint }) => fingerprint));
      expect(theirs.report.findings.filter(({ fingerprint }) => prints.has(fingerprint))).toEqual([]);
    }
  },
);

test('another salt makes every id another', { timeout: 120_000 }, async () => {
  const secrets = plantedLines((await scanSettings()).ruleset, 'ids', SECRETS);
  const root = tempFolder();
  for (const [at, { line }] of secrets.entries()) writeFileSync(join(root, `${at}.txt`), `${line}\n`);
  const first = await realScan(createFilesSource({ root }));
  const other = await realScan(createFilesSource({ root }), { settings: { salt: 'the salt of another project' } });
  const ids = credentialsOf(first.report);
  expect(ids.length).toBeGreaterThanOrEqual(secrets.length);
  expect(credentialsOf(other.report)).toHaveLength(ids.length);
  expect(credentialsOf(other.report).filter((id) => ids.includes(id))).toEqual([]);
});
