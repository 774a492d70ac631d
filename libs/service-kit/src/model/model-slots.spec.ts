import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphBuilder } from '@ganglion/inference/onnx-graph';
import { tensor } from '@ganglion/tensor';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { contextFromHeaders } from '../call-context.js';
import type { Kit } from '../kit.js';
import { ModelSlots } from './model-slots.js';

const kit = {
  identity: { name: 'echo' },
  logger: pino({ level: 'silent' }),
  metrics: { registry: new Registry() },
} as unknown as Kit;
let folder: string;

/** A model that gives back what it gets. */
async function layModel(models: string, change: object): Promise<void> {
  const builder = new GraphBuilder({ name: 'echo' });
  const [y] = builder.node('Identity', [builder.input('x', 'float32', ['batch'])], { outputs: ['y'] });
  builder.output(y, 'float32', ['batch']);
  const graph = builder.toBytes();
  const sha256 = createHash('sha256').update(graph).digest('hex');
  const one = { dtype: 'float32', shape: [1], data: [1] };
  await mkdir(models, { recursive: true });
  await writeFile(join(models, 'graph.onnx'), graph);
  const manifest = {
    id: 'echo',
    version: '1.0.0',
    task: 'echo',
    slot: 'echo/say',
    default: true,
    engine: 'onnx',
    entry: 'graph.onnx',
    files: [{ path: 'graph.onnx', bytes: graph.byteLength, sha256, sources: ['file:graph.onnx'] }],
    inputs: [{ name: 'x', dtype: 'float32', shape: ['batch'] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: ['batch'] }],
    licence: 'Apache-2.0',
    placement: 'inline',
    probes: [
      {
        name: 'one',
        inputs: { x: one },
        outputs: { y: one },
        tolerance: { absolute: 0, relative: 0 },
        reference: 'by hand',
      },
    ],
    card: { summary: 'Echo.', trainedOn: 'Nothing.', metrics: [], notFitFor: ['any use'] },
    ...change,
  };
  await writeFile(join(models, 'echo.json'), JSON.stringify(manifest));
}

async function runOf(source: Record<string, string>) {
  const slots = new ModelSlots({ ...kit, metrics: { registry: new Registry() } as never }, folder, {
    GANGLION_CACHE: join(folder, 'cache'),
    GANGLION_DEVICE: 'cpu',
    ...source,
  });
  const slot = slots.open('echo/say', (model) => model);
  await slots.onApplicationBootstrap();
  const context = contextFromHeaders(undefined, { deadlineMs: 10_000, signal: new AbortController().signal });
  const prediction = await slot.use(context, async (model) => {
    const { y } = await model.run({ x: tensor('float32', [1], Float32Array.of(7)) }, context);
    return { model: model.version, output: y?.data };
  });
  await slots.onApplicationShutdown();
  return { version: prediction.model, notes: [...context.notes], y: prediction.output };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-slots-'));
  await layModel(join(folder, 'models'), {});
  await layModel(join(folder, 'own'), { id: 'mine', probes: [], unverified: true });
  await layModel(join(folder, 'of-others'), { id: 'theirs', slot: 'another/say' });
});
afterAll(() => rm(folder, { recursive: true }));

describe('ModelSlots', () => {
  it("serves the app's default, without a note", async () => {
    const { version, notes, y } = await runOf({});
    expect(version).toEqual({ id: 'echo', version: '1.0.0' });
    expect(notes).toEqual([]);
    expect(y).toEqual(Float32Array.of(7));
  });

  it("puts a user's own default in its place, and says when no probe proved it", async () => {
    const { version, notes } = await runOf({ GANGLION_MODELS: join(folder, 'own') });
    expect(version.id).toBe('mine');
    expect(notes).toEqual([expect.stringContaining('mine@1.0.0')]);
  });

  it('leaves alone what is for the slots of another service', async () => {
    expect((await runOf({ GANGLION_MODELS: join(folder, 'of-others') })).version.id).toBe('echo');
  });

  it('refuses a probe of raw input that the app has no preprocessing for', async () => {
    const y = { dtype: 'float32', shape: [1], data: [1] };
    const probe = { name: 'raw', raw: { text: '1' }, outputs: { y }, reference: 'by hand' };
    const probes = [{ ...probe, tolerance: { absolute: 0, relative: 0 } }];
    await layModel(join(folder, 'raw'), { id: 'raw', probes });
    await expect(runOf({ GANGLION_MODELS: join(folder, 'raw') })).rejects.toThrow(
      `raw@1.0.0 can't serve: a probe failed: nothing prepares raw input for "echo/say"`,
    );
  });

  it('says which folder is not there', async () => {
    await expect(runOf({ GANGLION_MODELS: join(folder, 'nowhere') })).rejects.toThrow('nowhere');
  });

  it('takes several sessions of a model', async () => {
    expect((await runOf({ GANGLION_MODEL_INSTANCES: '2' })).y).toEqual(Float32Array.of(7));
  });
});
