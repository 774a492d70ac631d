import { describe, expect, it } from '@jest/globals';
import { endOfTurn } from './end-of-turn.js';

describe('endOfTurn', () => {
  it('lets all who wait go on before anything else runs, each turn anew', async () => {
    const seen: string[] = [];
    const waiter = async (name: string): Promise<void> => {
      await endOfTurn();
      seen.push(name);
      queueMicrotask(() => seen.push('flush'));
    };
    await Promise.all([waiter('first'), waiter('second'), waiter('third')]);
    await waiter('later');
    await endOfTurn();
    expect(seen.slice(0, 3)).toEqual(['first', 'second', 'third']);
    expect(seen.indexOf('later')).toBeGreaterThan(seen.indexOf('flush'));
  });
});
