import { describe, expect, it } from '@jest/globals';
import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { isDatabaseUnavailable, isDataRefused } from './database-error.js';

const withCode = (code: string): Error => Object.assign(new Error('refused'), { code });

describe('database errors', () => {
  it.each(['ECONNREFUSED', 'EPIPE', '08006', '28P01', '3D000', '40P01', '53300', '57014', '57P01'])(
    'takes %s for a database that is away',
    (code) => {
      expect(isDatabaseUnavailable(withCode(code))).toBe(true);
      expect(isDataRefused(withCode(code))).toBe(false);
    },
  );

  it.each([new QueryRunnerAlreadyReleasedError(), new QueryRunnerProviderAlreadyReleasedError()])(
    'takes %p, which TypeORM throws once a connection broke between two statements, for a database that is away',
    (error) => expect(isDatabaseUnavailable(error)).toBe(true),
  );

  it.each(['22021', '22P02', '23505', '54001'])('takes %s for a value that is refused', (code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(false);
    expect(isDataRefused(withCode(code))).toBe(true);
  });

  it.each([withCode('42P01'), withCode('42501'), new Error('a bug'), 'text', null, undefined])(
    'takes %p for neither: it is a bug, not a reason to try again or to throw data away',
    (error) => {
      expect(isDatabaseUnavailable(error)).toBe(false);
      expect(isDataRefused(error)).toBe(false);
    },
  );
});
