import { describe, expect, it } from '@jest/globals';
import { Gate } from './gate.js';

const patient = new AbortController().signal;

/** Work that ends when it is told to. */
function work() {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const state = { isRunning: false, end, run: async () => ((state.isRunning = true), ended) };
  return state;
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('Gate', () => {
  it('lets so many in, and the next when one leaves', async () => {
    const gate = new Gate(1, 5);
    const [first, second, third] = [work(), work(), work()];
    const all = [first, second, third].map(({ run }) => gate.pass(run, patient));
    await settle();
    expect([first.isRunning, second.isRunning, third.isRunning]).toEqual([true, false, false]);
    first.end();
    await settle();
    expect([second.isRunning, third.isRunning]).toEqual([true, false]);
    second.end();
    third.end();
    await Promise.all(all);
    await expect(gate.pass(async () => 7, patient)).resolves.toBe(7);
  });

  it('refuses more than may wait', async () => {
    const gate = new Gate(1, 0);
    const busy = work();
    const running = gate.pass(busy.run, patient);
    await expect(gate.pass(async () => 7, patient)).rejects.toMatchObject({ code: 'overloaded' });
    busy.end();
    await running;
  });

  it('is free again after work that failed', async () => {
    const gate = new Gate(1, 0);
    await expect(gate.pass(() => Promise.reject(new Error('broken')), patient)).rejects.toThrow('broken');
    await expect(gate.pass(async () => 7, patient)).resolves.toBe(7);
  });

  it('lets whoever waits go away, and the others keep their turn', async () => {
    const gate = new Gate(1, 5);
    const [first, second] = [work(), work()];
    const gone = new AbortController();
    const running = gate.pass(first.run, patient);
    const leaving = gate.pass(async () => 'never', gone.signal);
    const waiting = gate.pass(second.run, patient);
    gone.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    first.end();
    await settle();
    expect(second.isRunning).toBe(true);
    second.end();
    await Promise.all([running, waiting]);
  });
});
