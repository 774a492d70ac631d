import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PendingRun, type Lane } from './pending-run.js';
import { RunQueue } from './run-queue.js';

const LIMITS = { rows: 4, elements: Infinity };

function run(rows = 1, { lane = 'interactive' as Lane, key = '', elementsPerRow = 0 } = {}): PendingRun {
  return new PendingRun({ inputs: {}, rows, key, lane, elementsPerRow });
}

function queueOf(...runs: PendingRun[]): RunQueue {
  const queue = new RunQueue();
  for (const each of runs) queue.add(each);
  return queue;
}

describe('RunQueue', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('fills a batch with the oldest that fit, and keeps the others in their places', () => {
    const [first, large, other, last] = [run(2), run(3), run(1, { key: 'x' }), run(2)];
    const queue = queueOf(first, large, other, last);
    expect(queue.takeBatch(LIMITS)).toEqual([first, last]);
    expect(queue.rows).toBe(4);
    expect(queue.next).toBe(large);
  });

  it('counts cost by the longest of a batch, and lets one run through whatever it costs', () => {
    const [short, long, huge] = [10, 50, 1_000].map((elementsPerRow) => run(1, { elementsPerRow }));
    const queue = queueOf(short!, long!, huge!);
    expect(queue.takeBatch({ rows: 4, elements: 99 })).toEqual([short]);
    expect(queue.takeBatch({ rows: 4, elements: 99 })).toEqual([long]);
    expect(queue.takeBatch({ rows: 4, elements: 99 })).toEqual([huge]);
  });

  it('takes the interactive lane first, and fills up with the background', () => {
    const background = run(1, { lane: 'background' });
    const interactive = run();
    const queue = queueOf(background, interactive);
    expect(queue.next).toBe(interactive);
    expect(queue.takeBatch(LIMITS)).toEqual([interactive, background]);
  });

  it('gives the background one batch a second, however many others wait', () => {
    const background = Array.from({ length: 3 }, () => run(1, { lane: 'background' }));
    const queue = queueOf(...background, run(4), run(4), run(4));
    jest.advanceTimersByTime(999);
    expect(queue.next?.lane).toBe('interactive');
    jest.advanceTimersByTime(1);
    expect(queue.takeBatch({ rows: 1, elements: Infinity })).toEqual([background[0]]);
    expect(queue.next?.lane).toBe('interactive');
    jest.advanceTimersByTime(1_000);
    expect(queue.next).toBe(background[1]);
  });

  it('forgets who left', () => {
    const [gone, stays] = [run(2), run()];
    const queue = queueOf(gone!, stays!);
    queue.remove(gone!);
    queue.remove(gone!);
    expect(queue.rows).toBe(1);
    expect(queue.takeBatch(LIMITS)).toEqual([stays]);
    expect(queue.next).toBeUndefined();
  });
});
