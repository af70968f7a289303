/** The built action, as a runner runs it, for pull requests: what is scanned, whatever the checkout holds. */
import { beforeEach, describe, expect, test } from 'vitest';
import { payloads } from '../support/checkout.ts';
import { eventScratch, files } from '../support/event-scratch.ts';
import { githubToken } from '../support/tokens.ts';

const shop = eventScratch();

describe('a pull request', () => {
  let head = '';
  let merge = '';
  beforeEach(() => {
    shop.hosted.work.git('checkout', '--quiet', '-b', 'feature', 'HEAD~1');
    shop.hosted.work.commitFiles({ 'one.env': `TOKEN=${githubToken('one')}\n` });
    shop.hosted.work.commitFiles({ 'gone.env': `TOKEN=${githubToken('gone')}\n` });
    shop.hosted.work.remove('gone.env');
    head = shop.hosted.work.commit();
    shop.hosted.push(head, 'refs/pull/7/head');
    merge = shop.hosted.merge(shop.base, head, 7);
  });

  test.each([
    { title: 'as actions/checkout makes it', depth: 1, api: true },
    { title: 'of two commits', depth: 2, api: true },
    { title: 'of the whole history', depth: 0, api: true },
    { title: 'as actions/checkout makes it, while the API knows nothing', depth: 1, api: false },
  ])('is scanned by the commits that it brings, in a checkout $title', async ({ depth, api }) => {
    if (api) await shop.comparing([shop.base, head]);
    const result = await shop.run({
      workspace: shop.hosted.checkout(merge, 'refs/pull/7/merge', depth),
      event: 'pull_request',
      payload: payloads.pullRequest(shop.base, head),
      sha: merge,
      ref: 'refs/pull/7/merge',
    });
    expect(result.code).toBe(1);
    expect(result.outputs).toMatchObject({ findings: '2', 'exit-code': '1' });
    expect(files(result)).toEqual(['one.env']);
  });

  test('that merged the base branch into itself brings its own commits alone', async () => {
    shop.hosted.work.git('checkout', '--quiet', '--detach', shop.base);
    for (let i = 0; i < 5; i++)
      shop.hosted.work.commitFiles({ [`main-${i}.env`]: `TOKEN=${githubToken(`main ${i}`)}\n` });
    const main = shop.hosted.work.git('rev-parse', 'HEAD');
    shop.hosted.push(main, 'refs/heads/main');
    shop.hosted.work.git('checkout', '--quiet', '--detach', head);
    shop.hosted.work.git('merge', '--quiet', '--no-ff', '-m', 'Update branch', main);
    const updated = shop.hosted.work.git('rev-parse', 'HEAD');
    shop.hosted.push(updated, 'refs/pull/7/head');
    const merged = shop.hosted.merge(main, updated, 7);
    await shop.comparing([main, updated]);
    const result = await shop.run({
      workspace: shop.hosted.checkout(merged, 'refs/pull/7/merge', 1),
      event: 'pull_request',
      payload: payloads.pullRequest(main, updated),
      sha: merged,
      ref: 'refs/pull/7/merge',
    });
    expect(result.outputs['findings']).toBe('2');
    expect(files(result)).toEqual(['one.env']);
  });

  test.each([0, 1])('of which the workflow has checked out the base (depth %i) is fetched', async (depth) => {
    await shop.comparing([shop.base, head]);
    const result = await shop.run({
      workspace: shop.hosted.checkout(shop.base, 'refs/heads/main', depth),
      event: 'pull_request_target',
      payload: payloads.pullRequest(shop.base, head, { fork: true }),
      sha: shop.base,
      ref: 'refs/heads/main',
    });
    expect([result.code, result.outputs['findings']]).toEqual([1, '2']);
  });

  test('writes one comment', async () => {
    await shop.comparing([shop.base, head]);
    await shop.run({
      workspace: shop.hosted.checkout(merge, 'refs/pull/7/merge', 1),
      event: 'pull_request',
      payload: payloads.pullRequest(shop.base, head),
      sha: merge,
      ref: 'refs/pull/7/merge',
    });
    expect(shop.github.state.comments.map(({ issue, author }) => [issue, author])).toEqual([
      [7, 'github-actions[bot]'],
    ]);
  });

  test('of which the commits cannot be had is incomplete, and says what to do', async () => {
    const result = await shop.run({
      workspace: shop.hosted.checkout(merge, 'refs/pull/7/merge', 1),
      event: 'pull_request',
      payload: payloads.pullRequest(shop.base, head),
      sha: merge,
      ref: 'refs/pull/7/merge',
      serverUrl: 'file:///nonexistent',
    });
    expect([result.code, result.outputs]).toEqual([2, { findings: '0', 'sarif-file': '', 'exit-code': '2' }]);
    expect(result.annotations).toEqual([expect.objectContaining({ level: 'error' })]);
    expect(result.annotations[0]?.text).toContain('could not be fetched');
    expect(result.annotations[0]?.text).toContain('fetch-depth: 0');
    expect(result.summary).toContain('unleak could not scan');
  });
});
