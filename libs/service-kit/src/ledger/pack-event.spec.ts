import { describe, expect, it } from '@jest/globals';
import { decode, encode } from '../codec.js';
import { EVENT_OVERHEAD_BYTES, packEvent } from './pack-event.js';

describe('packEvent', () => {
  it.each([1, 15, 16, 300, 4_096])('is the event of %i records, encoded', (count) => {
    const predictions = Array.from({ length: count }, (_, index) => ({
      id: `record-${index}`,
      output: [index],
    }));
    const records = predictions.map(encode);
    const event = packEvent('acme', records);
    expect(decode(event)).toEqual({ tenant: 'acme', predictions });
    const recordBytes = records.reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(event.byteLength - recordBytes).toBeLessThan(EVENT_OVERHEAD_BYTES);
  });
});
