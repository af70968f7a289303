import { expect, test } from 'vitest';
import { JobQueue } from './job-queue.ts';

const job = (objects: number): { reader: string; weight: number; objects: number } => ({
  reader: 'none',
  weight: 1,
  objects,
});

test('gives each job once, in order, also those that come later', () => {
  const queue = new JobQueue([job(1), job(2)]);
  expect(queue.take()).toEqual({ number: 0, job: job(1) });
  queue.add(job(3));
  expect([queue.take()?.number, queue.take()?.number, queue.take()]).toEqual([1, 2, undefined]);
  expect(queue.isOver).toBe(false);
  queue.add(job(4));
  queue.complete();
  expect(queue.isOver).toBe(false);
  expect(queue.take()).toEqual({ number: 3, job: job(4) });
  expect(queue.isOver).toBe(true);
});

test('tells those who wait that something has changed, until they stop listening', () => {
  const queue = new JobQueue([]);
  const heard: string[] = [];
  const stop = queue.listen(() => heard.push(queue.isOver ? 'over' : 'more'));
  queue.add(job(1));
  queue.take();
  queue.complete();
  stop();
  queue.add(job(2));
  expect(heard).toEqual(['more', 'over']);
});
