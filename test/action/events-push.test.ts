/** The built action, as a runner runs it, for pushes of branches and tags. */
import { beforeEach, describe, expect, test } from 'vitest';
import { payloads } from '../support/checkout.ts';
import { eventScratch, files } from '../support/event-scratch.ts';
import { githubToken } from '../support/tokens.ts';

const shop = eventScratch();

describe('a push', () => {
  let after = '';
  beforeEach(() => {
    shop.hosted.work.git('checkout', '--quiet', '-B', 'main', shop.base);
    shop.hosted.work.commitFiles({ 'one.env': `TOKEN=${githubToken('one')}\n` });
    after = shop.hosted.work.commitFiles({ 'two.env': `TOKEN=${githubToken('two')}\n` });
    shop.hosted.push(after, 'refs/heads/main');
  });

  test.each([0, 1])('is scanned from the commit before it to the one after it (depth %i)', async (depth) => {
    if (depth > 0) await shop.comparing([shop.base, after]);
    const result = await shop.run({
      workspace: shop.hosted.checkout(after, 'refs/heads/main', depth),
      event: 'push',
      payload: payloads.push(shop.base, after, 'refs/heads/main'),
      sha: after,
      ref: 'refs/heads/main',
    });
    expect(files(result)).toEqual(['one.env', 'two.env']);
    expect(result.code).toBe(1);
    // Whoever has the whole history asks nobody.
    expect(shop.github.calls).toEqual(depth === 0 ? [] : ['repos/compare-commits-with-basehead']);
  });

  test('that was forced brings what the commit before it did not have', async () => {
    shop.hosted.work.git('checkout', '--quiet', '--detach', shop.base);
    const forced = shop.hosted.work.commitFiles({ 'forced.env': `TOKEN=${githubToken('forced')}\n` });
    shop.hosted.push(forced, 'refs/heads/main');
    const result = await shop.run({
      workspace: shop.hosted.checkout(forced, 'refs/heads/main', 1),
      event: 'push',
      payload: payloads.push(after, forced, 'refs/heads/main', true),
      sha: forced,
      ref: 'refs/heads/main',
    });
    expect(files(result)).toEqual(['forced.env']);
  });

  test.each([0, 1])(
    'that was forced over commits that are gone brings what the default branch does not have (depth %i)',
    async (depth) => {
      shop.hosted.work.git('checkout', '--quiet', '--detach', shop.base);
      const first = shop.hosted.work.commitFiles({ 'first.env': `TOKEN=${githubToken('first')}\n` });
      shop.hosted.push(first, 'refs/heads/feature');
      shop.hosted.work.git('checkout', '--quiet', '--detach', shop.base);
      const second = shop.hosted.work.commitFiles({ 'second.env': `TOKEN=${githubToken('second')}\n` });
      shop.hosted.push(second, 'refs/heads/feature');
      shop.hosted.forget('refs/heads/none');
      const result = await shop.run({
        workspace: shop.hosted.checkout(second, 'refs/heads/feature', depth),
        event: 'push',
        payload: payloads.push(first, second, 'refs/heads/feature', true),
        sha: second,
        ref: 'refs/heads/feature',
      });
      expect(files(result)).toEqual(['second.env']);
      const notices = result.annotations.filter(({ level }) => level === 'notice');
      expect(notices.map(({ text }) => text).join()).toContain(
        `before this push (${first.slice(0, 10)}) is not there any more`,
      );
    },
  );

  test.each([
    { depth: 0, api: false },
    { depth: 1, api: true },
    { depth: 1, api: false },
  ])('of a new branch brings its own commits (depth $depth, API: $api)', async ({ depth, api }) => {
    shop.hosted.work.git('checkout', '--quiet', '--detach', shop.base);
    const created = shop.hosted.work.commitFiles({ 'new.env': `TOKEN=${githubToken('new')}\n` });
    shop.hosted.push(created, 'refs/heads/team/new');
    if (api) await shop.comparing(['main', created]);
    const result = await shop.run({
      workspace: shop.hosted.checkout(created, 'refs/heads/team/new', depth),
      event: 'push',
      payload: payloads.push(undefined, created, 'refs/heads/team/new'),
      sha: created,
      ref: 'refs/heads/team/new',
    });
    expect(files(result)).toEqual(['new.env']);
  });

  test.each([0, 1])(
    'of a new branch is scanned although a branch that nobody scanned has it, too (depth %i)',
    async (depth) => {
      shop.hosted.work.git('checkout', '--quiet', '--detach', shop.base);
      const created = shop.hosted.work.commitFiles({ 'new.env': `TOKEN=${githubToken('new')}\n` });
      shop.hosted.push(created, 'refs/heads/wip');
      shop.hosted.push(created, 'refs/heads/release/1');
      const result = await shop.run({
        workspace: shop.hosted.checkout(created, 'refs/heads/release/1', depth),
        event: 'push',
        payload: payloads.push(undefined, created, 'refs/heads/release/1'),
        sha: created,
        ref: 'refs/heads/release/1',
      });
      expect([result.code, files(result)]).toEqual([1, ['new.env']]);
    },
  );

  test('of a branch that says nothing new ends well', async () => {
    const result = await shop.run({
      workspace: shop.hosted.checkout(shop.base, 'refs/heads/main', 0),
      event: 'push',
      payload: payloads.push(undefined, shop.base, 'refs/heads/same'),
      sha: shop.base,
      ref: 'refs/heads/same',
    });
    expect([result.code, result.outputs['findings']]).toEqual([0, '0']);
  });

  test.each([0, 1])('of the default branch, the first one, brings its whole history (depth %i)', async (depth) => {
    const result = await shop.run({
      workspace: shop.hosted.checkout(after, 'refs/heads/main', depth),
      event: 'push',
      payload: payloads.push(undefined, after, 'refs/heads/main'),
      sha: after,
      ref: 'refs/heads/main',
    });
    expect(files(result)).toEqual(['old.env', 'one.env', 'two.env']);
  });

  test('that deletes a branch has nothing to scan', async () => {
    const result = await shop.run({
      workspace: shop.hosted.checkout(after, 'refs/heads/main', 1),
      event: 'push',
      payload: payloads.push(shop.base, undefined, 'refs/heads/gone'),
      sha: after,
      ref: 'refs/heads/gone',
    });
    expect([result.code, result.outputs]).toEqual([0, { findings: '0', 'sarif-file': '', 'exit-code': '0' }]);
    expect(result.annotations).toEqual([
      expect.objectContaining({ level: 'notice', text: 'nothing to scan: refs/heads/gone was deleted' }),
    ]);
  });

  test.each([0, 1])('of a tag brings the commits that the default branch does not have (depth %i)', async (depth) => {
    shop.hosted.work.git('checkout', '--quiet', '--detach', shop.base);
    const tagged = shop.hosted.work.commitFiles({ 'tagged.env': `TOKEN=${githubToken('tagged')}\n` });
    shop.hosted.work.git('tag', '-a', '-m', 'a release', 'v1', tagged);
    const tag = shop.hosted.work.git('rev-parse', 'v1');
    shop.hosted.push(tag, 'refs/tags/v1');
    if (depth > 0) await shop.comparing(['main', tagged]);
    const result = await shop.run({
      workspace: shop.hosted.checkout(tagged, 'refs/tags/v1', depth),
      event: 'push',
      payload: payloads.push(undefined, tag, 'refs/tags/v1'),
      sha: tagged,
      ref: 'refs/tags/v1',
    });
    expect(files(result)).toEqual(['tagged.env']);
  });
});
