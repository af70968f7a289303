/**
 * Histories scanned by the deltas of their packs say what each of their texts says by itself. By default 200 of them;
 * UNLEAK_TEST_HISTORIES says how many, UNLEAK_TEST_SEED which.
 */
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TextScanSettings } from '../../packages/core/src/pipeline/messages.ts';
import { type MadeHistories, packedByGit, packedByHand } from '../support/history-packs.ts';
import { differencesOf, scanEach, scanPacks } from '../support/pack-scan.ts';
import { scanSettings } from '../support/real-scan.ts';
import { makeTempDir } from '../support/repo.ts';
import { type Materials, materialsOf, textHistory, versionsOf } from '../support/text-history.ts';

const HISTORIES = Number(process.env['UNLEAK_TEST_HISTORIES'] ?? 200);
const SEED = Number(process.env['UNLEAK_TEST_SEED'] ?? 20_260_306);
/** In one repository. */
const TOGETHER = 50;

let dir: ReturnType<typeof makeTempDir>;
let settings: TextScanSettings;
let materials: Materials;
beforeAll(async () => {
  dir = makeTempDir('histories');
  settings = await scanSettings();
  materials = materialsOf(settings.ruleset, 'history');
}, 120_000);
afterAll(() => dir.remove());

test(
  'histories by the deltas of packs, as git chooses them and as it does not, and every text by itself',
  { timeout: Math.max(300_000, HISTORIES * 3000) },
  async () => {
    const totals = { texts: 0, derived: 0, deepest: 0, found: 0, unreadable: 0 };
    for (let done = 0; done < HISTORIES; done += TOGETHER) {
      const seed = SEED + done;
      const histories = fc.sample(textHistory, { numRuns: Math.min(TOGETHER, HISTORIES - done), seed });
      const files = histories.map((history) => versionsOf(history, materials));
      const byHand = (done / TOGETHER) % 2 === 1;
      const made: MadeHistories = byHand
        ? packedByHand(join(dir.path, `${done}`), files)
        : packedByGit(dir.path, files);
      const { said, derived, deepest, events } = await scanPacks(made.objectDirs, settings);
      const expected = scanEach(made.blobs, settings);
      const texts = new Map([...said].filter(([id]) => byHand || expected.has(id)));
      const wrong = differencesOf(texts, expected);
      const first = wrong[0] ?? '';
      expect(
        [texts.get(first), wrong],
        `seed ${seed}, file ${files.findIndex((versions) => versions.some(({ bytes }) => isOf(made, first, bytes)))}`,
      ).toEqual([expected.get(first), []]);
      totals.texts += texts.size;
      totals.derived += derived;
      totals.deepest = Math.max(totals.deepest, deepest);
      totals.found += [...expected.values()].filter((text) => text !== '').length;
      totals.unreadable += events.filter(({ state }) => state === 'failed').length;
    }
    // Or the comparison says nothing.
    expect(totals.texts).toBeGreaterThan(HISTORIES * 3);
    expect(totals.derived).toBeGreaterThan(totals.texts / 3);
    expect(totals.deepest).toBeGreaterThanOrEqual(50);
    expect(totals.found).toBeGreaterThan(totals.texts / 4);
  },
);

function isOf({ blobs }: MadeHistories, id: string, bytes: Uint8Array): boolean {
  return blobs.some(([each, content]) => each === id && Buffer.compare(content, bytes) === 0);
}
