import { describe, expect, it } from '@jest/globals';
import { chooseDevice, deviceName } from './device.js';

const works = async () => {};
const fails = async () => {
  throw new Error('no driver');
};

describe('chooseDevice', () => {
  it.each([
    ['cpu', works, 'cpu', 'GANGLION_DEVICE=cpu'],
    ['auto', works, 'cuda:0', 'GANGLION_DEVICE=auto'],
    ['auto', fails, 'cpu', "CUDA can't be used: no driver"],
    ['cuda', works, 'cuda:0', 'GANGLION_DEVICE=cuda'],
    ['cuda:3', works, 'cuda:3', 'GANGLION_DEVICE=cuda:3'],
  ])('%s', async (setting, tryCuda, name, why) => {
    const { device, reason } = await chooseDevice(setting, tryCuda);
    expect(deviceName(device)).toBe(name);
    expect(reason).toBe(why);
  });

  it('tries the very device that was asked for', async () => {
    const tried: number[] = [];
    await chooseDevice('cuda:2', async (index) => void tried.push(index));
    expect(tried).toEqual([2]);
  });

  it('does not fall back from a CUDA that was asked for', async () => {
    await expect(chooseDevice('cuda:1', fails)).rejects.toThrow(
      "GANGLION_DEVICE=cuda:1, but CUDA can't be used: no driver",
    );
  });

  it.each(['gpu', 'cuda:', 'cuda:x', 'CPU', ''])('refuses "%s"', async (setting) => {
    await expect(chooseDevice(setting, works)).rejects.toThrow('must be auto, cpu, cuda or cuda:<n>');
  });
});
