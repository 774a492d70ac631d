import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ParsedInputOf } from '@ganglion/contracts/capability';
import { eraseEdgeData } from '@ganglion/contracts/edge/erasure';
import { ServiceError } from '@ganglion/contracts/errors';
import { recordPredictions } from '@ganglion/contracts/ledger';
import { createErasure, getErasure, listErasures } from '@ganglion/contracts/services/control-plane/erasures';
import { getPrediction } from '@ganglion/contracts/services/control-plane/predictions';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { chainDigest, createDataSource } from '@ganglion/persistence';
import { Handles } from '@ganglion/service-kit/handles';
import { refusalOf, startServers, testService, type TestServers, type TestService } from '@ganglion/testing';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { DataSource } from 'typeorm';
import {
  databaseSettings,
  eventually,
  newRecord,
  startControlPlane,
  type RunningControlPlane,
} from '../../test/running-control-plane.js';
import { controlSchema } from '../persistence/control-schema.js';

const JOBS = { table: 'jobs', rows: 3, sha256: 'ab'.repeat(32) };

/** Takes two calls for each erasure, and fails as often as it is told. (What the gateway erases: its own tests.) */
@Controller()
class EdgeHandler {
  static failures = 0;
  static readonly asked: ParsedInputOf<typeof eraseEdgeData>[] = [];

  @Handles(eraseEdgeData)
  erase(@Payload() input: ParsedInputOf<typeof eraseEdgeData>) {
    if (EdgeHandler.failures-- > 0) throw new ServiceError('ledger_unavailable', 'Away.');
    EdgeHandler.asked.push(input);
    return { isComplete: EdgeHandler.asked.length % 2 === 0, erased: [JOBS] };
  }
}

const oldRecord = (subject?: string) =>
  newRecord({ id: uuidv7(Date.now() - 120_000), ...(subject !== undefined && { subject }) });

describe('erasures', () => {
  let servers: TestServers;
  let control: RunningControlPlane;
  let edge: TestService;
  let system: DataSource;
  beforeAll(async () => {
    servers = await startServers();
    control = await startControlPlane(servers);
    const environment = servers.environment;
    edge = await testService({ name: 'edge', controllers: [EdgeHandler], environment });
    system = await createDataSource(controlSchema, 'system', databaseSettings(servers)).initialize();
  });
  afterAll(async () => {
    await system.destroy();
    await edge.stop();
    await control.stop();
    await servers.stop();
  });

  const record = (tenant: string, predictions: ReturnType<typeof newRecord>[]) =>
    control.call(recordPredictions, { predictions }, { tenant });
  const find = (tenant: string, id: string) => control.call(getPrediction, { id }, { tenant });
  const inState = (tenant: string, id: string, state: string) =>
    eventually(async () => {
      const erasure = await control.call(getErasure, { id }, { tenant });
      expect(erasure.state).toBe(state);
      return erasure;
    }, 30_000);

  it('remove the predictions of a subject, and prove it', async () => {
    const mine = [oldRecord('anna'), oldRecord('anna')];
    const others = [oldRecord('bert'), oldRecord()];
    await record('acme', [...mine, ...others]);
    await record('globex', mine);
    expect(await find('acme', mine[0]!.id)).toMatchObject({ subject: 'anna' });

    const origin = { tenant: 'acme', keyId: 'key-1' };
    const { id, ...asked } = await control.call(createErasure, { subject: 'anna' }, origin);
    const subjectSha256 = createHash('sha256').update('anna').digest('hex');
    expect(asked).toMatchObject({ scope: 'subject', subjectSha256, state: 'running', requestedBy: 'key-1' });
    const { erased } = await inState('acme', id, 'settling');
    const sha256 = chainDigest(
      '',
      mine.map((prediction) => prediction.id),
    );
    expect(erased).toEqual([
      { service: 'control-plane', table: 'predictions', rows: 2, sha256 },
      { service: 'edge', ...JOBS },
    ]);
    expect(EdgeHandler.asked).toEqual(Array(2).fill({ erasure: id, subject: 'anna' }));
    for (const prediction of mine) {
      expect((await refusalOf(find('acme', prediction.id))).code).toBe('not_found');
      expect(await find('globex', prediction.id)).toMatchObject({ id: prediction.id });
    }
    for (const prediction of others) expect(await find('acme', prediction.id)).toBeDefined();
  });

  it('look once more for what was under way, and forget the subject itself', async () => {
    const { id } = await control.call(createErasure, { subject: 'carl' }, { tenant: 'acme' });
    await inState('acme', id, 'settling');
    const accepted = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) - 50;
    const late = newRecord({ id: uuidv7(accepted), subject: 'carl' });
    const later = newRecord({ subject: 'carl' });
    await record('acme', [late, later]);
    await system.query('UPDATE control.erasures SET due_at = now() WHERE id = $1', [id]);
    const { erased } = await inState('acme', id, 'done');
    expect(erased[0]).toMatchObject({ table: 'predictions', rows: 1, sha256: chainDigest('', [late.id]) });
    expect(await find('acme', later.id)).toBeDefined();
    const [row] = await system.query('SELECT subject, due_at FROM control.erasures WHERE id = $1', [id]);
    expect(row).toEqual({ subject: null, due_at: null });
  });

  it('go on after whatever stops them', async () => {
    EdgeHandler.failures = 1;
    await record('acme', [oldRecord('dora')]);
    const { id } = await control.call(createErasure, { subject: 'dora' }, { tenant: 'acme' });
    await eventually(async () => expect(EdgeHandler.failures).toBeLessThan(1));
    await control.stop();
    control = await startControlPlane(servers);
    // As though its worker had died with it.
    await system.query(`UPDATE control.erasures SET due_at = now() WHERE id = $1 AND state = 'running'`, [
      id,
    ]);
    const { erased } = await inState('acme', id, 'settling');
    expect(erased[0]).toMatchObject({ table: 'predictions', rows: 1 });
  });

  it('remove everything of a tenant, however much', async () => {
    const all = Array.from({ length: 2_300 }, () => oldRecord());
    await record('leaving', all);
    await record('staying', all.slice(0, 1));
    const { id, scope } = await control.call(createErasure, { everything: true }, { tenant: 'leaving' });
    expect(scope).toBe('everything');
    const { erased } = await inState('leaving', id, 'settling');
    expect(erased[0]).toMatchObject({ table: 'predictions', rows: 2_300 });
    expect((await refusalOf(find('leaving', all[0]!.id))).code).toBe('not_found');
    expect(await find('staying', all[0]!.id)).toBeDefined();
    expect(await control.call(listErasures, {}, { tenant: 'staying' })).toEqual({ data: [], hasMore: false });
    expect((await control.call(listErasures, {}, { tenant: 'leaving' })).data).toHaveLength(1);
  });

  it.each([{}, { subject: 'a', everything: true as const }, { subject: 'two words' }])(
    'are refused for %j',
    async (input) => {
      expect((await refusalOf(control.call(createErasure, input))).code).toBe('invalid_input');
    },
  );
});
