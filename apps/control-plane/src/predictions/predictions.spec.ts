import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordPredictions } from '@ganglion/contracts/ledger';
import { getPrediction } from '@ganglion/contracts/services/control-plane/predictions';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { startServers, type TestServers } from '@ganglion/testing';
import { startPostgres } from '@ganglion/tools/servers/postgres-server';
import {
  eventually,
  newRecord,
  startControlPlane,
  type RunningControlPlane,
} from '../../test/running-control-plane.js';

describe('the ledger of predictions', () => {
  let servers: TestServers;
  let control: RunningControlPlane;
  beforeAll(async () => {
    servers = await startServers();
    control = await startControlPlane(servers, {
      GANGLION_DATABASE_CONNECT_TIMEOUT_MS: '500',
      GANGLION_DATABASE_STATEMENT_TIMEOUT_MS: '500',
    });
  });
  afterAll(async () => {
    await control.stop();
    await servers.stop();
  });

  it('has a prediction as soon as `record` answers, once', async () => {
    const record = newRecord();
    const input = { predictions: [record, newRecord()] };
    expect(await control.call(recordPredictions, input, { tenant: 'acme' })).toEqual({ recorded: 2 });
    expect(await control.call(recordPredictions, input, { tenant: 'acme' })).toEqual({ recorded: 2 });
    expect(await control.call(getPrediction, { id: record.id }, { tenant: 'acme' })).toEqual({
      ...record,
      review: 'none',
    });
  });

  it('tells a shadow from an answer, and shows the answer its shadows', async () => {
    const answer = newRecord();
    const shadow = newRecord({ shadowOf: answer.id });
    const [origin, predictions] = [{ tenant: 'acme' }, [answer, shadow]];
    await control.call(recordPredictions, { predictions }, origin);
    expect(await control.call(getPrediction, { id: answer.id }, origin)).toEqual({
      ...answer,
      review: 'none',
      shadows: [shadow.id],
    });
    expect(await control.call(getPrediction, { id: shadow.id }, origin)).toEqual({
      ...shadow,
      review: 'none',
    });
  });

  it('shows no tenant the predictions of another', async () => {
    const record = newRecord({ id: uuidv7(Date.now() - 120_000) });
    await control.call(recordPredictions, { predictions: [record] }, { tenant: 'acme' });
    await expect(control.call(getPrediction, { id: record.id }, { tenant: 'globex' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it.each([
    ['a moment ago', () => uuidv7(), 'prediction_pending', 1_000],
    ['50 s ago', () => uuidv7(Date.now() - 50_000), 'prediction_pending', 1_000],
    ['over a minute ago', () => uuidv7(Date.now() - 61_000), 'not_found', undefined],
    ['in an hour', () => uuidv7(Date.now() + 3_600_000), 'not_found', undefined],
    ['at no time that the id tells', () => randomUUID(), 'not_found', undefined],
  ])('answers for an unknown id made %s', async (_, makeId, code, retryAfterMs) => {
    await expect(control.call(getPrediction, { id: makeId() })).rejects.toMatchObject({ code, retryAfterMs });
  });

  it('refuses what it cannot commit while the database is away, and works again after', async () => {
    const { url, port } = servers.postgres;
    await servers.postgres.stop();
    const input = { predictions: [newRecord()] };
    for (const call of [
      control.call(recordPredictions, input),
      control.call(getPrediction, { id: uuidv7() }),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'ledger_unavailable', retryAfterMs: 1_000 });
    }
    const { password } = new URL(url);
    const postgres = await startPostgres({ folder: servers.folder, port, password, durable: false });
    await eventually(() => control.call(recordPredictions, input));
    await postgres.stop();
  });
});
