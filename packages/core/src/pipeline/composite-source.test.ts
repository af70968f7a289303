import { expect, test } from 'vitest';
import type { Hit, Located, Source, SourceContext } from '../types/index.ts';
import { createCompositeSource } from './composite-source.ts';

const CONTEXT: SourceContext = {
  signal: new AbortController().signal,
  now: () => new Date(0),
  log: () => undefined,
  notScanned: () => undefined,
};

function sourceOf(located: readonly Located[]): Source {
  return {
    plan: () => Promise.resolve({ jobs: [], describes: '', facts: {} }),
    attribute: () => Promise.resolve(located),
    close: () => Promise.resolve(),
  };
}

test('what each source has placed, however much it is', async () => {
  const hit = {} as Hit;
  const many = Array.from({ length: 200_000 }, (_, i): Located => ({
    text: 'a',
    hit,
    sighting: { kind: 'file', path: `p${i}` } as Located['sighting'],
  }));
  const located = await createCompositeSource([sourceOf(many), sourceOf(many.slice(0, 2))]).attribute(new Map(), {
    ...CONTEXT,
    isCut: false,
  });
  expect(located).toHaveLength(200_002);
  expect(located.at(-1)).toBe(many[1]);
});
