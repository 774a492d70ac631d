import { describe, expect, it } from '@jest/globals';
import { encode } from '@ganglion/service-kit/codec';
import { newRecord } from '../../test/running-control-plane.js';
import { readPredictionEvent } from './prediction-event.js';

describe('readPredictionEvent', () => {
  it('makes a row of each record', () => {
    const records = [newRecord(), newRecord()];
    const event = readPredictionEvent(encode({ tenant: 'acme', predictions: records }));
    expect(event).toMatchObject({ tenant: 'acme', refused: [] });
    expect(event.rows.map(([id]) => id)).toEqual(records.map(({ id }) => id));
  });

  it('leaves out what a newer publisher adds', () => {
    const newer = { ...newRecord(), mood: 'new' };
    const event = readPredictionEvent(encode({ tenant: 'acme', predictions: [newer], version: 2 }));
    expect(event.rows).toHaveLength(1);
  });

  it.each([
    [{ ...newRecord(), id: 'not-a-uuid' }, 'not-a-uuid', '/id invalid_format'],
    [{ ...newRecord({ id: newRecord().id }), confidence: 7 }, expect.any(String), '/confidence too_big'],
    [null, 'without id', '/ invalid_type'],
  ])('refuses a bad record by field and rule, and keeps its neighbours', (bad, predictionId, reason) => {
    const good = newRecord();
    const event = readPredictionEvent(encode({ tenant: 'acme', predictions: [bad, good] }));
    expect(event.refused).toEqual([{ predictionId, reason }]);
    expect(event.rows.map(([id]) => id)).toEqual([good.id]);
  });

  it.each([
    ['no MessagePack', new Uint8Array([0xc1])],
    ['nothing', new Uint8Array()],
    ['another message', encode('hello')],
    ['no tenant', encode({ predictions: [] })],
    ['a tenant that is no name', encode({ tenant: '../acme', predictions: [] })],
  ])('throws at %s', (_, bytes) => {
    expect(() => readPredictionEvent(bytes)).toThrow();
  });
});
