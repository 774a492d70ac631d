import { describe, expect, it } from '@jest/globals';
import { findDevice } from './find-device.js';

describe('findDevice', () => {
  it('says in one line which device it is, and why', async () => {
    const lines: string[] = [];
    expect(await findDevice('cpu', (line) => lines.push(line))).toEqual({ provider: 'cpu', index: 0 });
    expect(lines).toEqual(['Models compute on cpu (GANGLION_DEVICE=cpu).']);
  });

  it('really tries CUDA', async () => {
    const lines: string[] = [];
    const { provider } = await findDevice('auto', (line) => lines.push(line));
    const line =
      provider === 'cuda' ? /^Models compute on cuda:0 \(/ : /^Models compute on cpu \(CUDA can't be used: ./;
    expect(lines).toEqual([expect.stringMatching(line)]);
  });
});
