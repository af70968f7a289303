import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { parseAs } from '../../../../test/support/json.ts';
import { idOf, inHead, makeContext, pullRequestPlan, pushPlan } from '../../../../test/support/outcome.ts';
import { gitSighting, report } from '../../../../test/support/reports.ts';
import { category, MAX_PACKED, sarifUpload, uploadPlace } from './sarif.ts';

interface Log {
  readonly runs: readonly {
    readonly results: readonly {
      readonly properties: { readonly credential: string };
      readonly locations: readonly unknown[];
      readonly relatedLocations?: readonly unknown[];
    }[];
  }[];
}

it('has categories that differ where runs answer different questions', () => {
  const plans = [pullRequestPlan(), pushPlan, { scan: 'history' }] as const;
  expect(new Set(plans.map((plan) => category(plan))).size).toBe(3);
});

it('is for the head of a pull request also where the workflow runs on its base', () => {
  const context = makeContext({ event: 'pull_request_target', ref: 'refs/heads/main' });
  const plan = pullRequestPlan({ headSha: 'f'.repeat(40) });
  expect(uploadPlace(plan, context)).toEqual({ ref: 'refs/pull/7/head', commit: 'f'.repeat(40) });
  expect(uploadPlace(pushPlan, context)).toBeUndefined();
});

it('keeps the size, by leaving out places first and then findings, the least grave ones', async () => {
  // Names that no packing makes smaller.
  const path = (): string => randomBytes(1500).toString('hex');
  const findings = Array.from({ length: 3000 }, (_, at) =>
    inHead(at, {
      severity: at === 2999 ? 'critical' : 'high',
      sightings: [
        gitSighting({ path: path(), inHead: false }),
        gitSighting({ path: path(), inHead: false }),
        gitSighting({ path: path(), line: 5 }),
      ],
      sightingCount: 3,
    }),
  );
  const { sarif, left } = await sarifUpload(report({ findings }), pullRequestPlan());
  expect(gzipSync(sarif).length).toBeLessThanOrEqual(MAX_PACKED);
  const results = parseAs<Log>(sarif).runs[0]?.results ?? [];
  expect(results.length + left).toBe(3000);
  expect(results.length).toBeGreaterThan(1000);
  expect(results[0]?.properties.credential).toBe(idOf(2999));
});

it('lists what it holds of a finding with more places than GitHub shows', async () => {
  const sightings = Array.from({ length: 100 }, (_, at) => gitSighting({ path: `f${at}`, inHead: at === 99 }));
  const of = report({ findings: [inHead(1, { sightings, sightingCount: 4000 })] });
  const { sarif, left } = await sarifUpload(of, { scan: 'history' });
  const [result] = parseAs<Log>(sarif).runs[0]?.results ?? [];
  expect(left).toBe(0);
  expect((result?.locations.length ?? 0) + (result?.relatedLocations?.length ?? 0)).toBe(100);
  expect(result?.locations[0]).toMatchObject({ physicalLocation: { artifactLocation: { uri: 'f99' } } });
});
