/** The built action, as a runner runs it, for events other than pull requests, pushes and scans of the history. */
import { expect, test } from 'vitest';
import { payloads } from '../support/checkout.ts';
import { eventScratch, files } from '../support/event-scratch.ts';
import { githubToken } from '../support/tokens.ts';

const shop = eventScratch();

test.each([0, 1])('a merge queue is scanned from its base to its head (depth %i)', async (depth) => {
  shop.hosted.work.git('checkout', '--quiet', '--detach', shop.base);
  const head = shop.hosted.work.commitFiles({ 'queued.env': `TOKEN=${githubToken('queued')}\n` });
  const ref = 'refs/heads/gh-readonly-queue/main/pr-7';
  shop.hosted.push(head, ref);
  const result = await shop.run({
    workspace: shop.hosted.checkout(head, ref, depth),
    event: 'merge_group',
    payload: payloads.mergeGroup(shop.base, head),
    sha: head,
    ref,
  });
  expect(files(result)).toEqual(['queued.env']);
});

test('the commits since a base that the workflow names are scanned', async () => {
  shop.hosted.work.git('checkout', '--quiet', '-B', 'main', shop.base);
  shop.hosted.work.commitFiles({ 'one.env': `TOKEN=${githubToken('one')}\n` });
  const second = shop.hosted.work.commitFiles({ 'two.env': `TOKEN=${githubToken('two')}\n` });
  shop.hosted.push(second, 'refs/heads/main');
  shop.hosted.push(shop.hosted.work.git('rev-parse', 'HEAD~1'), 'refs/heads/release');
  for (const [given, depth] of [
    ['HEAD~1', 0],
    ['origin/release', 0],
    ['release', 0],
    ['release', 1],
  ] as const) {
    const result = await shop.run({
      workspace: shop.hosted.checkout(second, 'refs/heads/main', depth),
      event: 'push',
      payload: payloads.push(shop.base, second, 'refs/heads/main'),
      sha: second,
      ref: 'refs/heads/main',
      inputs: { base: given },
    });
    expect([given, files(result)]).toEqual([given, ['two.env']]);
  }
});

test('a branch or tag that goes away has nothing to scan', async () => {
  const result = await shop.run({
    workspace: shop.hosted.checkout(shop.base, 'refs/heads/main', 1),
    event: 'delete',
    payload: { ref: 'gone', ref_type: 'branch' },
    sha: shop.base,
    ref: 'refs/heads/main',
  });
  expect(result.code).toBe(0);
  expect(result.annotations.map(({ text }) => text)).toEqual(['nothing to scan: a branch or tag was deleted']);
});
