import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getPrediction } from '@ganglion/contracts/services/control-plane/predictions';
import { deleteSlot, getSlot, putSlot } from '@ganglion/contracts/services/control-plane/slots';
import type { WantedVersion } from '@ganglion/contracts/slots';
import { pickVersion } from '@ganglion/service-kit/model/slot/pick-version';
import { startServers, type TestServers } from '@ganglion/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startControlPlane, type RunningControlPlane } from './running-control-plane.js';
import { layVersion, startSignService, type SignService } from './sign-service.fixture.js';

const PATIENCE_MS = 60_000;
const place = { service: 'sign', slot: 'tell' };
const production = (model: string): WantedVersion => ({ model, role: 'production' });
const idOf = (index: number) => `019aa000-0000-7000-8000-${String(index).padStart(12, '0')}`;

let app: string;
let servers: TestServers;
let control: RunningControlPlane;
let service: SignService;

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'ganglion-roll-out-'));
  await layVersion(app, '1.0.0', { isDefault: true });
  await layVersion(app, '2.0.0');
  await layVersion(app, '3.0.0', { op: 'Neg' });
  await layVersion(app, '4.0.0', { expected: 7 });
  servers = await startServers();
  control = await startControlPlane(servers);
  service = await startSignService(app, servers);
}, 60_000);
afterAll(async () => {
  await service?.stop();
  await control?.stop();
  await servers?.stop();
  await rm(app, { recursive: true, force: true });
}, 60_000);

const put = (...versions: WantedVersion[]) => control.call(putSlot, { ...place, versions });

/** The slot, once this instance uses what it should, or says that it can't. */
const settled = (expected: readonly string[]) =>
  eventually(async () => {
    const state = await control.call(getSlot, place);
    const [instance] = state.instances;
    const shown = instance?.versions.map(({ model, state }) => `${model} ${state}`);
    expect(shown).toEqual(expected);
    return instance!;
  }, PATIENCE_MS);

/** Back to the default, whatever a test did. */
afterEach(async () => {
  await control.call(deleteSlot, place).catch(() => {});
  await settled(['sign@1.0.0 ready']);
}, PATIENCE_MS);

const versionOf = async (...call: Parameters<SignService['ask']>) =>
  (await service.ask(...call)).model.version;

describe('a slot', () => {
  it('that nobody set uses the default of its manifests', async () => {
    expect(await versionOf(1)).toBe('1.0.0');
    expect(await control.call(getSlot, place)).toMatchObject({ versions: [], updatedAt: null });
  });

  it('moves to another version and back under load, without one call that fails', async () => {
    const answered = new Map<string, number>();
    let isOver = false;
    const callers = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const version = await versionOf(1);
        answered.set(version, (answered.get(version) ?? 0) + 1);
      }
    });
    for (const version of ['2.0.0', '1.0.0', '2.0.0']) {
      await put(production(`sign@${version}`));
      await settled([`sign@${version} ready`]);
      expect(await versionOf(1)).toBe(version);
    }
    isOver = true;
    // None of them was refused: a caller that is ends with the problem.
    await Promise.all(callers);
    expect([...answered.keys()].sort()).toEqual(['1.0.0', '2.0.0']);
    expect(await service.count('ganglion_calls_total', { code: 'ok' })).toBe(
      await service.count('ganglion_calls_total'),
    );
  }, 120_000);

  it(
    'gives a canary its share of the calls, and a call and its retry the same version',
    async () => {
      const versions = [
        production('sign@1.0.0'),
        { model: 'sign@2.0.0', role: 'canary', weight: 25 } as const,
      ];
      const { versions: stored } = await put(...versions);
      await settled(['sign@1.0.0 ready', 'sign@2.0.0 ready']);
      const ids = Array.from({ length: 400 }, (_, index) => idOf(index));
      const ask = () => Promise.all(ids.map((id) => versionOf(1, { id })));
      const [first, retried] = [await ask(), await ask()];
      expect(retried).toEqual(first);
      expect(first).toEqual(ids.map((id) => pickVersion(stored, id).model.replace('sign@', '')));
      const share = first.filter((version) => version === '2.0.0').length / ids.length;
      // Four standard deviations of 400 draws.
      expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / ids.length));
    },
    PATIENCE_MS,
  );

  it(
    'answers by the version that a call asks for, and names those that it has',
    async () => {
      await put(production('sign@1.0.0'), { model: 'sign@3.0.0', role: 'canary', weight: 0 });
      await settled(['sign@1.0.0 ready', 'sign@3.0.0 ready']);
      expect(await versionOf(1, { model: 'sign@1.0.0' })).toBe('1.0.0');
      expect((await service.ask(1, { model: 'sign@3.0.0' })).output).toEqual({ sign: 'minus', y: -1 });
      await expect(service.ask(1, { model: 'sign@2.0.0' })).rejects.toMatchObject({
        code: 'unknown_model',
        message: '"sign@2.0.0" is not held here. There are: sign@1.0.0, sign@3.0.0.',
      });
    },
    PATIENCE_MS,
  );

  it(
    'stays as it is when a version does not prove itself, and says why',
    async () => {
      await put(production('sign@4.0.0'));
      const instance = await settled(['sign@1.0.0 ready', 'sign@4.0.0 failed']);
      expect(instance.problem).toMatch(/sign@4\.0\.0 can't serve: .*"y"/);
      expect(instance.versions[1]?.reason).toBe(instance.problem);
      expect(await versionOf(1)).toBe('1.0.0');
      const failed = { slot: 'sign/tell', model: 'sign@4.0.0' };
      expect(await service.count('ganglion_slot_failures_total', failed)).toBeGreaterThan(0);
      await put(production('sign@9.9.9'));
      const missing = await settled(['sign@1.0.0 ready', 'sign@9.9.9 failed']);
      expect(missing.problem).toContain('there are: sign@1.0.0, sign@2.0.0, sign@3.0.0, sign@4.0.0');
      await put({ ...production('sign@2.0.0'), digest: 'ab'.repeat(32) });
      const other = await settled(['sign@1.0.0 ready', 'sign@2.0.0 failed']);
      expect(other.problem).toMatch(/^The manifest of sign@2\.0\.0 here has the digest [0-9a-f]{64}\.$/);
    },
    PATIENCE_MS,
  );

  it(
    'leaves to production the share of a canary that fails',
    async () => {
      await put(production('sign@2.0.0'), { model: 'sign@4.0.0', role: 'canary', weight: 100 });
      await settled(['sign@2.0.0 ready', 'sign@4.0.0 failed']);
      expect(await versionOf(1)).toBe('2.0.0');
    },
    PATIENCE_MS,
  );

  it(
    'finds a manifest that came while it was running',
    async () => {
      await layVersion(app, '5.0.0');
      await put(production('sign@5.0.0'));
      await settled(['sign@5.0.0 ready']);
      expect(await versionOf(1)).toBe('5.0.0');
    },
    PATIENCE_MS,
  );
});

describe('a shadow', () => {
  it(
    'computes what others answered, for the ledger and the metrics alone',
    async () => {
      await put(production('sign@1.0.0'), { model: 'sign@3.0.0', role: 'shadow' });
      await settled(['sign@1.0.0 ready', 'sign@3.0.0 ready']);
      const answer = await service.ask(5);
      expect(answer).toMatchObject({ model: { version: '1.0.0' }, output: { sign: 'plus', y: 5 } });
      const [shadowId] = await eventually(async () => {
        const { shadows } = await control.call(getPrediction, { id: answer.id });
        expect(shadows).toHaveLength(1);
        return shadows!;
      }, PATIENCE_MS);
      expect(await control.call(getPrediction, { id: shadowId! })).toMatchObject({
        id: shadowId,
        shadowOf: answer.id,
        service: 'sign',
        operation: 'tell',
        model: { id: 'sign', version: '3.0.0' },
        output: { sign: 'minus', y: -5 },
      });
      const labels = { slot: 'sign/tell', model: 'sign@3.0.0' };
      expect(await service.count('ganglion_shadow_runs_total', { ...labels, outcome: 'differed' })).toBe(1);
      // What was asked of it by name is no shadow.
      const direct = await service.ask(5, { model: 'sign@3.0.0' });
      await eventually(async () => {
        expect(await control.call(getPrediction, { id: direct.id })).not.toHaveProperty('shadowOf');
      }, PATIENCE_MS);
      expect(await service.count('ganglion_shadow_runs_total')).toBe(1);
    },
    PATIENCE_MS,
  );
});

describe('without the control plane', () => {
  it('a slot stays as it was last set; a service that starts uses its default, and follows once it is back', async () => {
    await put(production('sign@2.0.0'));
    await settled(['sign@2.0.0 ready']);
    await control.stop();
    expect(await versionOf(1)).toBe('2.0.0');
    await service.stop();
    service = await startSignService(app, servers, { GANGLION_DRAIN_MS: '200' });
    expect(await versionOf(1)).toBe('1.0.0');
    control = await startControlPlane(servers);
    await eventually(async () => expect(await versionOf(1)).toBe('2.0.0'), PATIENCE_MS);
  }, 120_000);
});

describe('a service that loads by the first call', () => {
  it(
    'loads nothing before, and holds the call until then',
    async () => {
      await service.stop();
      service = await startSignService(app, servers, { GANGLION_MODEL_LOAD: 'first-call' });
      await settled(['sign@1.0.0 unloaded']);
      expect(await versionOf(1)).toBe('1.0.0');
      await settled(['sign@1.0.0 ready']);
    },
    PATIENCE_MS,
  );

  it(
    'refuses calls beyond those that it may hold, and says when to come again',
    async () => {
      await service.stop();
      const settings = { GANGLION_MODEL_LOAD: 'first-call', GANGLION_MAX_HELD_CALLS: '0' };
      service = await startSignService(app, servers, settings);
      await expect(service.ask(1)).rejects.toMatchObject({ code: 'model_unavailable', retryAfterMs: 1_000 });
      // A version that the slot moves to is loaded before any call.
      await put(production('sign@2.0.0'));
      await settled(['sign@2.0.0 ready']);
      expect(await versionOf(1)).toBe('2.0.0');
    },
    PATIENCE_MS,
  );
});
