import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Answer } from '@ganglion/contracts/answer';
import { defineCapability, type ParsedInputOf } from '@ganglion/contracts/capability';
import { fromProblem, type Problem } from '@ganglion/contracts/errors';
import { ERROR_HEADERS, HEADERS, operationSubject } from '@ganglion/contracts/wire';
import { GraphBuilder } from '@ganglion/inference/onnx-graph';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { decode, encode } from '@ganglion/service-kit/codec';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import type { Slot } from '@ganglion/service-kit/model/slot/slot';
import { tensor } from '@ganglion/tensor';
import { testService, type TestServers, type TestService } from '@ganglion/testing';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { headers } from '@nats-io/nats-core';
import { z } from 'zod';

const sign = defineCapability({
  service: 'sign',
  operation: 'tell',
  summary: 'Tells the sign of a number.',
  input: z.strictObject({ x: z.number() }),
  output: z.strictObject({ sign: z.enum(['plus', 'minus']), y: z.number() }),
  prediction: { ledger: 'async', retainInput: 'never', retainDays: 1, reviewable: false },
  maxItems: 8,
});

export interface Sign {
  readonly sign: 'plus' | 'minus';
  readonly y: number;
}

/** The capability of this service, by the model of its slot. */
@Controller()
class SignHandler {
  private readonly slot: Slot<SlotModel>;

  constructor(slots: ModelSlots) {
    this.slot = slots.open('sign/tell', (model) => model);
  }

  @Handles(sign)
  tell(@Payload() { x }: ParsedInputOf<typeof sign>, @Ctx() context: CallContext): Promise<Prediction<Sign>> {
    return this.slot.use(context, async (model, context) => {
      const outputs = await model.run({ x: tensor('float32', [1], Float32Array.of(x)) }, context);
      const y = Number(outputs['y']?.data[0]);
      return { model: model.version, output: { sign: y < 0 ? 'minus' : 'plus', y } };
    });
  }
}

/** Writes a version of the model `sign`; `op` is what it does to its input, and `expected` what its probe says of 1. */
export async function layVersion(
  app: string,
  version: string,
  change: { readonly op?: 'Identity' | 'Neg'; readonly expected?: number; readonly isDefault?: boolean } = {},
): Promise<void> {
  const { op = 'Identity', expected = op === 'Neg' ? -1 : 1, isDefault = false } = change;
  const builder = new GraphBuilder();
  const [y] = builder.node(op, [builder.input('x', 'float32', ['batch'])], { outputs: ['y'] });
  builder.output(y, 'float32', ['batch']);
  const graph = builder.toBytes();
  const file = `graph-${op}.onnx`;
  const one = (value: number) => ({ dtype: 'float32', shape: [1], data: [value] });
  const probe = { name: 'one', inputs: { x: one(1) }, outputs: { y: one(expected) } };
  await mkdir(join(app, 'models'), { recursive: true });
  await writeFile(join(app, 'models', file), graph);
  const manifest = {
    id: 'sign',
    version,
    task: 'sign',
    slot: 'sign/tell',
    default: isDefault,
    engine: 'onnx',
    entry: file,
    files: [
      {
        path: file,
        bytes: graph.byteLength,
        sha256: createHash('sha256').update(graph).digest('hex'),
        sources: [`file:${file}`],
      },
    ],
    inputs: [{ name: 'x', dtype: 'float32', shape: ['batch'] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: ['batch'] }],
    batching: { axis: 0, maxBatch: 8 },
    licence: 'Apache-2.0',
    placement: 'inline',
    probes: [{ ...probe, tolerance: { absolute: 0, relative: 0 }, reference: 'by hand' }],
    card: { summary: 'Sign.', trainedOn: 'Nothing.', metrics: [], notFitFor: ['any use'] },
  };
  await writeFile(join(app, 'models', `sign-${version}.json`), JSON.stringify(manifest));
}

/** A service with a slot, in the test's own process. */
export interface SignService extends TestService {
  /** What one call is answered with; its problem is thrown. */
  ask(x: number, call?: { readonly id?: string; readonly model?: string }): Promise<Answer<Sign>>;
  /** The sum of a metric's values whose labels are such. */
  count(metric: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

export async function startSignService(
  app: string,
  servers: TestServers,
  settings: Readonly<Record<string, string>> = {},
): Promise<SignService> {
  const environment = { ...servers.environment, ...settings };
  const models = { ...environment, GANGLION_CACHE: join(app, 'cache'), GANGLION_DEVICE: 'cpu' };
  const service = await testService({
    name: 'sign',
    imports: [ModelModule.of(pathToFileURL(`${app}/`), models)],
    controllers: [SignHandler],
    environment,
  });
  const { nats, metrics } = service.kit;
  return Object.assign(service, {
    ask: async (x: number, { id, model }: { id?: string; model?: string } = {}) => {
      const asked = headers();
      if (id !== undefined) asked.set(HEADERS.predictionId, id);
      if (model !== undefined) asked.set(HEADERS.model, model);
      const reply = await nats.request(operationSubject('sign', 'tell'), encode({ x }), {
        headers: asked,
        timeout: 30_000,
      });
      if (reply.headers?.has(ERROR_HEADERS.code)) throw fromProblem(decode(reply.data) as Problem);
      return decode(reply.data) as Answer<Sign>;
    },
    count: async (name: string, labels: Readonly<Record<string, string>> = {}) => {
      const found = await metrics.registry.getSingleMetric(name)?.get();
      const values = found?.values as { value: number; labels: Record<string, unknown> }[] | undefined;
      return (values ?? [])
        .filter((entry) => Object.entries(labels).every(([label, value]) => entry.labels[label] === value))
        .reduce((sum, { value }) => sum + value, 0);
    },
  });
}
