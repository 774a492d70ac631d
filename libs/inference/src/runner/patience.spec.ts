import { describe, expect, it } from '@jest/globals';
import { ServiceError } from '@ganglion/contracts/errors';
import { checkAwaited, departure } from './patience.js';

const code = (value: string) => expect.objectContaining({ code: value });

describe('checkAwaited', () => {
  it('refuses callers who are gone', () => {
    expect(() => checkAwaited({})).not.toThrow();
    expect(() => checkAwaited({ deadline: performance.now() + 60_000 })).not.toThrow();
    expect(() => checkAwaited({ deadline: performance.now() - 1 })).toThrow(code('deadline_exceeded'));
    expect(() => checkAwaited({ signal: AbortSignal.abort() })).toThrow(code('cancelled'));
  });
});

describe('departure', () => {
  it.each([
    ['cancelled', undefined, 60_000],
    ['deadline_exceeded', new ServiceError('deadline_exceeded', 'too late'), 60_000],
    ['deadline_exceeded', undefined, -1],
  ] as const)('is %s for the reason %s', (expected, reason, remainingMs) => {
    const signal = AbortSignal.abort(reason);
    expect(departure({ signal, deadline: performance.now() + remainingMs }).code).toBe(expected);
  });
});
