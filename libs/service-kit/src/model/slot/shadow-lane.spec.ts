import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ShadowLane } from './shadow-lane.js';

/** Something that lasts until it is ended. */
function lasting() {
  let end = (): void => {};
  const work = new Promise<void>((resolve) => (end = resolve));
  return { run: () => work, end };
}

/** Waits for what must happen at some time. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(1);
}

describe('ShadowLane', () => {
  it('runs one after another, once no call is being answered', async () => {
    const lane = new ShadowLane();
    const call = lasting();
    const answered = lane.during(call.run);
    const log: string[] = [];
    for (const name of ['a', 'b']) {
      lane.add(async () => {
        log.push(`${name} begins`);
        await sleep(1);
        log.push(`${name} ends`);
      });
    }
    await sleep(50);
    expect(log).toEqual([]);
    call.end();
    await answered;
    await until(() => log.length === 4);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('has its turn at some time, though there is always a call', async () => {
    const lane = new ShadowLane();
    const call = lasting();
    const answered = lane.during(call.run);
    let isDone = false;
    const added = performance.now();
    lane.add(async () => void (isDone = true));
    await until(() => isDone);
    expect(performance.now() - added).toBeGreaterThan(900);
    call.end();
    await answered;
  });

  it('drops what would wait behind too many', async () => {
    const lane = new ShadowLane();
    const shadow = lasting();
    const taken = Array.from({ length: 20 }, () => lane.add(shadow.run));
    expect(taken.filter(Boolean)).toHaveLength(9);
    shadow.end();
    await lane.close();
  });

  it('ends with the service: what waits is dropped, what runs is told', async () => {
    const lane = new ShadowLane();
    let runs = 0;
    const shadow = async (): Promise<void> => {
      runs += 1;
      await new Promise((resolve) => lane.signal.addEventListener('abort', resolve));
    };
    lane.add(shadow);
    lane.add(shadow);
    await until(() => runs === 1);
    await lane.close();
    expect(runs).toBe(1);
    expect(lane.add(shadow)).toBe(false);
  });
});
