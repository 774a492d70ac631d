import { describe, expect, it } from '@jest/globals';
import { Admission } from './admission.js';

const code = (value: string) => expect.objectContaining({ code: value });
const admission = (queuedRows: number, backlogMs: number) =>
  new Admission('m', { queuedRows, backlogMs }, { rows: 10, waitMs: 100_000 });

describe('Admission', () => {
  it('lets in what the queue holds, and a larger request when nothing waits', () => {
    expect(() => admission(9, 50).admit(1)).not.toThrow();
    expect(() => admission(0, 0).admit(1_000)).not.toThrow();
  });

  it('refuses what the queue does not hold, and says when to come back', () => {
    const refused = expect.objectContaining({ code: 'overloaded', retryAfterMs: 50 });
    expect(() => admission(9, 49.5).admit(2)).toThrow(refused as never);
  });

  it('refuses at once what would not be computed before its deadline', () => {
    const deadline = performance.now() + 60_000;
    expect(() => admission(5, 1_000).admit(1, deadline)).not.toThrow();
    expect(() => admission(5, 90_000).admit(1, deadline)).toThrow(code('overloaded'));
    expect(() => admission(5, 90_000).admit(1, deadline)).toThrow('until the deadline');
  });

  it('refuses at once what would wait longer than anybody may, though its deadline is far', () => {
    const refused = expect.objectContaining({ code: 'overloaded', retryAfterMs: 20_000 });
    expect(() => admission(5, 99_000).admit(1)).not.toThrow();
    expect(() => admission(5, 120_000).admit(1)).toThrow(refused as never);
    expect(() => admission(5, 120_000).admit(1)).toThrow('100000 ms that a request may wait');
  });

  it('refuses everything once it is closed', () => {
    const closed = admission(0, 0);
    closed.close();
    expect(() => closed.admit(1)).toThrow(code('model_unavailable'));
  });
});
