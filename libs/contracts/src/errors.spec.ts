import { describe, expect, it } from '@jest/globals';
import { CORE_ERRORS, defineErrors, fromProblem, ServiceError, toProblem } from './errors.js';

describe('toProblem', () => {
  it.each(Object.entries(CORE_ERRORS))('tells %s as its table does', (code, spec) => {
    const problem = toProblem(new ServiceError(code as keyof typeof CORE_ERRORS, 'What was wrong.'), 'r1');
    expect(problem).toEqual({
      type: `/errors/${code}`,
      code,
      ...spec,
      detail: 'What was wrong.',
      requestId: 'r1',
    });
  });

  it('is undone by fromProblem', () => {
    const errors = [{ pointer: '/text', detail: 'Must be there.' }];
    const error = new ServiceError('invalid_input', 'No text.', { errors, retryAfterMs: 5 });
    expect(toProblem(fromProblem(toProblem(error)))).toEqual(toProblem(error));
  });

  it("keeps a defect's message to itself", () => {
    const problem = toProblem(new TypeError('a password'), 'r1');
    expect(problem).toMatchObject({ code: 'internal', status: 500, requestId: 'r1' });
    expect(JSON.stringify(problem)).not.toContain('password');
  });
});

describe('defineErrors', () => {
  it("prefixes codes with the service's name", () => {
    const { no_decoder } = defineErrors('speech', {
      no_decoder: { status: 415, title: 'No decoder', retryable: false },
    });
    expect(toProblem(new ServiceError(no_decoder, 'AAC needs ffmpeg.'))).toMatchObject({
      code: 'speech.no_decoder',
      status: 415,
    });
  });
});

describe('the table of core errors', () => {
  it.each(Object.entries(CORE_ERRORS))(
    '%s is an error, and retryable only where time can mend it',
    (_code, spec) => {
      expect(spec.status).toBeGreaterThanOrEqual(400);
      expect(spec.status).toBeLessThan(600);
      expect(spec.title).not.toMatch(/\.$/);
      if (spec.retryable) expect([404, 409, 429, 503, 504]).toContain(spec.status);
    },
  );
});
