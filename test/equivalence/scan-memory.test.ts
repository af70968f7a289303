/** Texts in which more is found than there is memory for: each is told of, and no other one suffers from it. */
import { expect, test } from 'vitest';
import { linearMemory, OutOfMemory } from '../../packages/core/src/bytes/linear-memory.ts';
import { testRuleset } from '../../packages/core/src/engine/test-rules.ts';
import { runJob } from '../../packages/core/src/pipeline/run-job.ts';
import { createTextScanner } from '../../packages/core/src/pipeline/text-scanner.ts';
import type { Job, NotScanned } from '../../packages/core/src/types/index.ts';
import { TOKEN } from '../support/delta-rules.ts';
import { scanSettings } from '../support/real-scan.ts';

const HIT = 'x ghp_abababab';
const dense = Buffer.from('ghp_'.repeat(1_000_000));

/** Takes what memory there is, but for less than 16 MiB; none of it is touched. */
function fillMemory(): void {
  expect(() => {
    for (;;) linearMemory().allocate(16 * 2 ** 20);
  }).toThrow(OutOfMemory);
}

test('a text that does not fit, those around it, and those that derive from it', async () => {
  const settings = await scanSettings({ ruleset: testRuleset(TOKEN) });
  const scanner = createTextScanner(settings);
  const bytes = Buffer.from(`${HIT} ${HIT.slice(2)}`);
  const copies = Int32Array.of(0, 0, 14);
  expect(scanner.scan({ id: 'base', bytes, keep: 0 })?.hits.length).toBe(2);
  fillMemory();
  for (let round = 0; round < 3; round += 1) {
    expect(() => scanner.scan({ id: 'dense', bytes: dense, keep: 0 })).toThrow(OutOfMemory);
    // What was kept in that place before is of another text.
    const child = { id: 'child', bytes: Buffer.from('y ghp_bbbbbbbb'), keep: 1, inherit: { base: 0, copies } };
    expect(scanner.scan(child)?.hits.length).toBe(1);
    expect(scanner.scan({ id: 'other', bytes, keep: 0 })?.hits.length).toBe(2);
  }

  const events: NotScanned[] = [];
  const found: string[] = [];
  const job: Job & Record<string, unknown> = {
    reader: 'stdin',
    weight: 1,
    objects: 1,
    bytes: dense,
    maxTextBytes: 1e9,
  };
  await runJob(
    job,
    scanner,
    (message) => {
      if (message.type !== 'results') return;
      events.push(...message.notScanned);
      found.push(...message.reports.map(({ text }) => text));
    },
    new AbortController().signal,
  );
  expect(found).toEqual([]);
  expect(events).toMatchObject([{ state: 'failed', reason: 'limit' }]);
});
