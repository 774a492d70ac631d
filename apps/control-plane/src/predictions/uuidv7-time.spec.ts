import { expect, it } from '@jest/globals';
import { uuidv7TimeMs } from './uuidv7-time.js';

it('reads the time of a UUIDv7, and of no other', () => {
  // The example of RFC 9562, appendix A.6.
  expect(uuidv7TimeMs('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')).toBe(Date.UTC(2022, 1, 22, 19, 22, 22));
  expect(uuidv7TimeMs('919108f7-52d1-4320-9bac-f847db4148a8')).toBeUndefined();
});
