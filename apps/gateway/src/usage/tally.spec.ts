import { describe, expect, it } from '@jest/globals';
import { Tallies, type CountedCall } from './tally.js';
import { toCsv } from './to-csv.js';

const call: CountedCall = {
  tenant: 'acme',
  keyId: 'k',
  operation: 'nlp.sentiment',
  isError: false,
  items: 2,
  bytesIn: 10,
  bytesOut: 100,
};
const HOUR_MS = 3_600_000;

describe('Tallies', () => {
  it('adds up by hour, tenant, key and operation, and hands over once', () => {
    const tallies = new Tallies();
    tallies.count(call, 5 * HOUR_MS + 1);
    tallies.count({ ...call, isError: true, items: 0 }, 6 * HOUR_MS - 1);
    tallies.count(call, 6 * HOUR_MS);
    tallies.count({ ...call, tenant: 'globex' }, 6 * HOUR_MS);
    const taken = tallies.take();
    const sum = { calls: 2, errors: 1, items: 2, bytesIn: 20, bytesOut: 200, hourMs: 5 * HOUR_MS };
    expect(taken.get('acme')).toMatchObject([sum, { calls: 1, hourMs: 6 * HOUR_MS }]);
    expect(taken.get('globex')).toHaveLength(1);
    expect(tallies.take().size).toBe(0);
  });

  it('takes back what could not be written', () => {
    const tallies = new Tallies();
    tallies.count(call, 0);
    const [lost] = tallies.take().get('acme') ?? [];
    tallies.count(call, 1);
    if (lost !== undefined) tallies.merge(lost);
    expect(tallies.take().get('acme')).toMatchObject([{ calls: 2, items: 4 }]);
  });
});

describe('toCsv', () => {
  it('quotes, and leaves a spreadsheet no formula', () => {
    const row = {
      hour: '2026-01-01T00:00:00.000Z',
      keyId: '=1,"x"',
      operation: 'a.b',
      calls: 1,
      errors: 0,
      items: 1,
    };
    expect(toCsv([{ ...row, bytesIn: 2, bytesOut: 3 }])).toBe(
      'hour,keyId,operation,calls,errors,items,bytesIn,bytesOut\r\n' +
        `2026-01-01T00:00:00.000Z,"'=1,""x""",a.b,1,0,1,2,3\r\n`,
    );
  });
});
