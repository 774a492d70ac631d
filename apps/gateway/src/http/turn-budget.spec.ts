import { describe, expect, it } from '@jest/globals';
import { TurnBudget } from './turn-budget.js';

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that only moves when it is told to, and turns that take calls for so long. */
function onClock() {
  let nowMs = 0;
  const budget = new TurnBudget(() => nowMs);
  return async (durationMs: number, restMs = 1): Promise<boolean> => {
    budget.isSpent();
    nowMs += durationMs;
    const isSpent = budget.isSpent();
    await endOfTurn();
    nowMs += restMs;
    return isSpent;
  };
}

describe('TurnBudget', () => {
  it('bears a burst, however long a single turn is', async () => {
    const turn = onClock();
    expect(await turn(5)).toBe(false);
    expect(await turn(900)).toBe(false);
    expect(await turn(5)).toBe(false);
  });

  it('bears long turns with rests between them', async () => {
    const turn = onClock();
    for (let count = 0; count < 10; count += 1) expect(await turn(900, 100)).toBe(false);
  });

  it('ends turns early once all were too long for a second, and only what comes after their budget', async () => {
    const turn = onClock();
    for (let passedMs = 0; passedMs <= 1_100; passedMs += 100) await turn(100);
    expect(await turn(100)).toBe(true);
    expect(await turn(10)).toBe(false);
    expect(await turn(100)).toBe(true);
  });

  it('bears long turns again after a second of short ones', async () => {
    const turn = onClock();
    for (let passedMs = 0; passedMs <= 1_100; passedMs += 100) await turn(100);
    for (let passedMs = 0; passedMs <= 1_100; passedMs += 10) expect(await turn(10)).toBe(false);
    expect(await turn(100)).toBe(false);
  });
});
