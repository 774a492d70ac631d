import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { hedge } from './hedge.js';

const fail = async (ms: number, reason: string): Promise<string> => {
  await sleep(ms);
  throw new Error(reason);
};

describe('hedge', () => {
  it('starts no second while the first is quick, whether it succeeds or fails', async () => {
    const second = (): Promise<string> => {
      throw new Error('must not be called');
    };
    expect(await hedge(sleep(5, 'first'), second, 100)).toBe('first');
    await expect(hedge(fail(5, 'no'), second, 100)).rejects.toThrow('no');
  });

  it('takes whichever answers first once there are two', async () => {
    expect(await hedge(sleep(500, 'first'), () => sleep(5, 'second'), 10)).toBe('second');
    expect(await hedge(sleep(30, 'first'), () => sleep(500, 'second'), 10)).toBe('first');
  });

  it('fails only when both do', async () => {
    expect(await hedge(fail(20, 'no'), () => sleep(30, 'second'), 10)).toBe('second');
    expect(await hedge(sleep(30, 'first'), () => fail(5, 'no'), 10)).toBe('first');
    await expect(hedge(fail(20, 'first'), () => fail(30, 'last'), 10)).rejects.toThrow('last');
  });
});
