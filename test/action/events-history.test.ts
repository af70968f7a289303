/** The built action, as a runner runs it, where the whole history is scanned. */
import { beforeEach, describe, expect, test } from 'vitest';
import { payloads } from '../support/checkout.ts';
import { eventScratch, files } from '../support/event-scratch.ts';
import { githubToken } from '../support/tokens.ts';

const shop = eventScratch();

describe('the whole history', () => {
  const removed = githubToken('removed');
  let head = '';
  beforeEach(() => {
    shop.hosted.work.git('checkout', '--quiet', '-B', 'main', shop.base);
    shop.hosted.work.commitFiles({ 'removed.env': `TOKEN=${removed}\n` });
    shop.hosted.work.remove('removed.env');
    head = shop.hosted.work.commit();
    shop.hosted.push(head, 'refs/heads/main');
    shop.hosted.work.commitFiles({ 'other.env': `TOKEN=${githubToken('other')}\n` });
    shop.hosted.push(shop.hosted.work.git('rev-parse', 'HEAD'), 'refs/heads/other');
  });

  test.each([
    { event: 'schedule', depth: 0 },
    { event: 'schedule', depth: 1 },
    { event: 'workflow_dispatch', depth: 1 },
  ])('is scanned on $event, of every branch (depth $depth)', async ({ event, depth }) => {
    const result = await shop.run({
      workspace: shop.hosted.checkout(head, 'refs/heads/main', depth),
      event,
      payload: payloads.schedule(),
      sha: head,
      ref: 'refs/heads/main',
    });
    expect([result.code, result.outputs['findings']]).toEqual([1, '3']);
    expect(result.summary).toContain('whole history');
  });

  test('is scanned for an event that names no commits, and it is said so', async () => {
    const result = await shop.run({
      workspace: shop.hosted.checkout(head, 'refs/heads/main', 0),
      event: 'issue_comment',
      payload: { action: 'created', issue: { number: 7 } },
      sha: head,
      ref: 'refs/heads/main',
    });
    expect(result.outputs['findings']).toBe('3');
    expect(result.annotations.map(({ text }) => text).join()).toContain('"issue_comment" names no commits');
  });

  test('that cannot be fetched makes the run incomplete, and what is there is scanned', async () => {
    const result = await shop.run({
      workspace: shop.hosted.checkout(head, 'refs/heads/main', 1),
      event: 'schedule',
      payload: payloads.schedule(),
      sha: head,
      ref: 'refs/heads/main',
      serverUrl: 'file:///nonexistent',
      inputs: { 'fail-on': 'none' },
    });
    expect([result.code, result.outputs['findings']]).toEqual([2, '1']);
    const errors = result.annotations.filter(({ level, file }) => level === 'error' && file === undefined);
    expect(errors.map(({ text }) => text).join()).toContain('the checkout is shallow');
    expect(errors.map(({ text }) => text).join()).toContain('fetch-depth: 0');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'that is cancelled by %s, fetched or not, ends with 130',
    async (signal) => {
      const result = await shop.run({
        workspace: shop.hosted.checkout(head, 'refs/heads/main', 1),
        event: 'schedule',
        payload: payloads.schedule(),
        sha: head,
        ref: 'refs/heads/main',
        kill: { signal, when: 'does not have the whole history' },
      });
      expect([result.code, result.outputs['exit-code']]).toEqual([130, '130']);
    },
  );

  test('is scanned for a pull request that asks for it', async () => {
    const result = await shop.run({
      workspace: shop.hosted.checkout(head, 'refs/heads/main', 1),
      event: 'pull_request',
      payload: payloads.pullRequest(shop.base, head),
      sha: head,
      ref: 'refs/pull/7/merge',
      inputs: { scan: 'history', comment: 'false' },
    });
    expect(result.outputs['findings']).toBe('3');
  });

  test('is left alone where changes are asked for: what the default branch does not have is scanned', async () => {
    const result = await shop.run({
      workspace: shop.hosted.checkout(shop.hosted.work.git('rev-parse', 'HEAD'), 'refs/heads/other', 1),
      event: 'workflow_dispatch',
      payload: payloads.schedule(),
      sha: shop.hosted.work.git('rev-parse', 'HEAD'),
      ref: 'refs/heads/other',
      inputs: { scan: 'changes' },
    });
    expect(files(result)).toEqual(['other.env']);
  });
});

test('a partial clone is scanned as if it were whole', async () => {
  const workspace = shop.hosted.checkout(shop.base, 'refs/heads/main', 0);
  const partial = shop.hosted.partial(shop.base);
  for (const path of [workspace, partial]) {
    const result = await shop.run({
      workspace: path,
      event: 'schedule',
      payload: payloads.schedule(),
      sha: shop.base,
      ref: 'refs/heads/main',
    });
    expect([result.code, files(result)]).toEqual([1, ['old.env']]);
  }
});
