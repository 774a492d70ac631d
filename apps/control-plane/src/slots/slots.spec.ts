import { deleteSlot, getSlot, listSlots, putSlot } from '@ganglion/contracts/services/control-plane/slots';
import { readSlots, SLOT_CHANGED, type SlotChanged, type WantedVersion } from '@ganglion/contracts/slots';
import { slotsSubject } from '@ganglion/contracts/wire';
import { encode } from '@ganglion/service-kit/codec';
import { onEvent } from '@ganglion/service-kit/events';
import { startServers, type TestServers } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startControlPlane, type RunningControlPlane } from '../../test/running-control-plane.js';

const NO_MESSAGEPACK = new Uint8Array([0xd9, 5]);

describe('slots', () => {
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

  const place = { service: 'nlp', slot: 'sentiment' };
  const versions: WantedVersion[] = [
    { model: 'm@1.0.0', role: 'production' },
    { model: 'm@2.0.0', role: 'canary', weight: 10 },
  ];
  const stored = [
    { model: 'm@1.0.0', role: 'production', weight: 90 },
    { model: 'm@2.0.0', role: 'canary', weight: 10 },
  ];

  it('are set, told, shown, listed, read by their service, and forgotten', async () => {
    const heard = new Promise<SlotChanged>((resolve) => onEvent(control.kit.nats, SLOT_CHANGED, resolve));
    const put = await control.call(putSlot, { ...place, versions });
    expect(put).toMatchObject({ ...place, versions: stored });
    expect(await heard).toEqual({ service: 'nlp' });
    expect(await control.call(getSlot, place)).toEqual({ ...put, instances: [] });
    await control.call(putSlot, { service: 'another', slot: 'a.b', versions: [versions[0]!] });
    expect((await control.call(listSlots, {})).data.map(({ service }) => service)).toEqual([
      'another',
      'nlp',
    ]);
    expect((await control.call(listSlots, { service: 'nlp' })).data).toEqual([put]);
    expect(await control.call(readSlots, { service: 'nlp' })).toEqual({ slots: [put] });
    expect(await control.call(deleteSlot, place)).toEqual(put);
    expect(await control.call(readSlots, { service: 'nlp' })).toEqual({ slots: [] });
    await expect(control.call(getSlot, place)).rejects.toMatchObject({ code: 'not_found' });
    await expect(control.call(deleteSlot, place)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('take the latest that was put', async () => {
    await control.call(putSlot, { ...place, versions });
    await control.call(putSlot, { ...place, versions: [{ model: 'm@3.0.0', role: 'production' }] });
    expect((await control.call(getSlot, place)).versions).toEqual([
      { model: 'm@3.0.0', role: 'production', weight: 100 },
    ]);
  });

  it('show what running instances make of them, whatever else answers', async () => {
    const instance = { instance: 'host:1', versions: [{ ...stored[0]!, state: 'ready' }] };
    const { nats } = control.kit;
    const answers = [
      encode({ here: instance }),
      encode({ here: 7 }),
      encode({ there: instance }),
      NO_MESSAGEPACK,
    ];
    const subscriptions = answers.map((answer) =>
      nats.subscribe(slotsSubject('slotted'), { callback: (_, message) => void message.respond(answer) }),
    );
    const shown = await control.call(getSlot, { service: 'slotted', slot: 'here' });
    expect(shown).toEqual({
      service: 'slotted',
      slot: 'here',
      versions: [],
      updatedAt: null,
      instances: [instance],
    });
    for (const subscription of subscriptions) subscription.unsubscribe();
  });

  it("are nobody's to change but the tenant `default`'s", async () => {
    const origin = { tenant: 'acme' };
    const forbidden = expect.objectContaining({ code: 'forbidden' });
    await expect(control.call(putSlot, { ...place, versions }, origin)).rejects.toEqual(forbidden);
    await expect(control.call(deleteSlot, place, origin)).rejects.toEqual(forbidden);
  });

  it('refuse weights that are no whole', async () => {
    const wrong = [{ ...versions[0]!, weight: 50 }];
    await expect(control.call(putSlot, { ...place, versions: wrong })).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: '/versions' }],
    });
  });
});
