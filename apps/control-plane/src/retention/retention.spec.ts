import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readJobRetention } from '@ganglion/contracts/retention';
import { getPrediction } from '@ganglion/contracts/services/control-plane/predictions';
import { getRetention, putRetention } from '@ganglion/contracts/services/control-plane/retention';
import { recordPredictions } from '@ganglion/contracts/ledger';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { refusalOf, startServers, type TestServers } from '@ganglion/testing';
import {
  eventually,
  newRecord,
  startControlPlane,
  type RunningControlPlane,
} from '../../test/running-control-plane.js';

const DAY_MS = 24 * 3_600_000;

/** A record that is so many days old. */
const recordOf = (days: number, retainDays: number) => {
  const at = Date.now() - days * DAY_MS;
  return newRecord({ id: uuidv7(at), createdAt: new Date(at).toISOString(), retainDays });
};

describe('retention', () => {
  let servers: TestServers;
  let control: RunningControlPlane;
  beforeAll(async () => {
    servers = await startServers();
    control = await startControlPlane(servers);
  });
  afterAll(async () => {
    await control.stop();
    await servers.stop();
  });

  const record = (tenant: string, predictions: ReturnType<typeof recordOf>[]) =>
    control.call(recordPredictions, { predictions }, { tenant });
  const isThere = (tenant: string, id: string) =>
    control.call(getPrediction, { id }, { tenant }).then(
      () => true,
      (error: { code?: string }) => {
        if (error.code !== 'not_found') throw error;
        return false;
      },
    );
  /** Restarted, for it sweeps at its start. */
  const sweep = async () => {
    await control.stop();
    control = await startControlPlane(servers);
  };

  it('forgets what is older than its contract says, however much there is, and nothing else', async () => {
    const old = Array.from({ length: 2_500 }, () => recordOf(31, 30));
    const kept = [recordOf(29, 30), recordOf(31, 365), recordOf(364, 365)];
    const alsoOld = recordOf(366, 365);
    await record('acme', [...old, ...kept, alsoOld]);
    await record('globex', [old[0]!]);
    await sweep();
    await eventually(async () => expect(await control.metric('ganglion_purged_rows_total')).toBe(2_502));
    for (const { id } of kept) expect(await isThere('acme', id)).toBe(true);
    for (const { id } of [old[0]!, old[2_499]!, alsoOld]) expect(await isThere('acme', id)).toBe(false);
    expect(await isThere('globex', old[0]!.id)).toBe(false);
  });

  it('lets a tenant shorten that, for itself alone, and not lengthen it', async () => {
    expect(await control.call(getRetention, {}, { tenant: 'short' })).toEqual({ updatedAt: null });
    const set = await control.call(putRetention, { predictionDays: 7, jobDays: 2 }, { tenant: 'short' });
    expect(await control.call(getRetention, {}, { tenant: 'short' })).toEqual(set);
    await control.call(putRetention, { predictionDays: 3_650 }, { tenant: 'long' });
    const [week, tooLong] = [recordOf(8, 30), recordOf(31, 30)];
    await record('short', [week]);
    await record('long', [tooLong, week]);
    await record('other', [week]);
    await sweep();
    await eventually(async () => expect(await isThere('short', week.id)).toBe(false));
    await eventually(async () => expect(await isThere('long', tooLong.id)).toBe(false));
    expect(await isThere('long', week.id)).toBe(true);
    expect(await isThere('other', week.id)).toBe(true);
    expect(await control.call(readJobRetention, {})).toEqual({ tenants: [{ tenant: 'short', days: 2 }] });
  });

  it('goes back to the contracts by what is left out', async () => {
    await control.call(putRetention, { predictionDays: 7, jobDays: 2 }, { tenant: 'again' });
    await control.call(putRetention, {}, { tenant: 'again' });
    const got = await control.call(getRetention, {}, { tenant: 'again' });
    expect(Object.keys(got)).toEqual(['updatedAt']);
  });

  it.each([{ predictionDays: 0 }, { jobDays: 1.5 }, { jobDays: 3_651 }])('refuses %j', async (input) => {
    expect(await refusalOf(control.call(putRetention, input))).toMatchObject({ code: 'invalid_input' });
  });
});
