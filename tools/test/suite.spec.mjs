import { describe, expect, it } from '@jest/globals';
import { countTests } from './suite.mjs';

describe('countTests', () => {
  const green = { numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };

  it('counts what passed and what failed', () => {
    expect(countTests(green, 0)).toEqual({ passed: 7, failed: 0 });
    expect(countTests({ ...green, numFailedTests: 2 }, 1)).toEqual({ passed: 7, failed: 2 });
  });

  it('takes a file that does not load for a failed test', () => {
    expect(countTests({ ...green, numRuntimeErrorTestSuites: 1 }, 1)).toEqual({ passed: 7, failed: 1 });
  });

  it('never calls a run good that Jest calls bad', () => {
    expect(countTests(green, 1)).toEqual({ passed: 7, failed: 1 });
    expect(countTests(green, null)).toEqual({ passed: 7, failed: 1 });
  });
});
