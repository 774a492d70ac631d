/** Model files that are wrong in ways that have crashed or held up real runtimes: each is refused, in every place. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineModel, Session } from '../src/engine.js';
import { ProtobufWriter } from '../src/onnx-graph/protobuf-writer.js';
import { openSession, type Placement } from '../src/sessions/open-session.js';
import { addends, addingOnnx, addingTfjs, elements, hungryOnnx } from './hostile-models.js';
import { onnxWithWeights, row, settings, tinyOnnx, tinyTfjsGraph, writeModel } from './tiny-models.js';

jest.setTimeout(60_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-bad-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Weights of a shape and place of their own in a file of 36 bytes. */
const external = (change: { shape?: number[]; offset?: number }) => () => onnxWithWeights(folder, change);

/** A file with this text in the place of that. */
const tfjsWith = (from: string, to: string) => async () => {
  const { files } = await tinyTfjsGraph(folder);
  const [json, weights] = await Promise.all(files.map(({ location }) => readFile(location)));
  const text = json!.toString().replace(from, to);
  expect(text).not.toBe(json!.toString());
  return writeModel(folder, 'tfjs', { 'model.json': Buffer.from(text), 'weights.bin': weights! });
};

/** A graph of about a hundred bytes that gives a constant of these dims, of which it holds four bytes. */
const onnxConstant =
  (...dims: (number | bigint)[]) =>
  () => {
    const bytes = new ProtobufWriter()
      .varint(1, 10)
      .message(7, (graph) =>
        graph
          .message(1, (node) => node.string(1, 'c').string(2, 'y').string(4, 'Identity'))
          .string(2, 'graph')
          .message(5, (proto) => {
            for (const dim of dims) proto.varint(1, dim);
            proto.varint(2, 1).string(8, 'c').bytes(9, new Uint8Array(4));
          })
          .message(12, (output) =>
            output.string(1, 'y').message(2, (type) => type.message(1, (tensor) => tensor.varint(1, 1))),
          ),
      )
      .message(8, (opset) => opset.varint(2, 21))
      .finish();
    return writeModel(folder, 'onnx', { 'model.onnx': bytes });
  };

const BAD: [string, () => Promise<EngineModel>, RegExp][] = [
  ['onnx: more weights than its file has', external({ shape: [1000] }), /out of bounds/],
  ['onnx: weights beyond its file', external({ offset: 1e6 }), /out of bounds/],
  ['onnx: weights at an offset that overflows', external({ offset: 2 ** 52 }), /out of bounds/],
  ['onnx: a constant of 40 GB in 100 bytes', onnxConstant(10_000_000_000), /size|bytes|dims|shape/i],
  ['onnx: dims whose product overflows', onnxConstant(2n ** 40n, 2n ** 40n), /overflow|size|dims|shape/i],
  ['onnx: dims below nothing', onnxConstant(2n ** 64n - 4n), /./],
  ['onnx: no protobuf', () => writeModel(folder, 'onnx', { 'model.onnx': Buffer.from('hello, world') }), /./],
  ['onnx: nothing but zeros', () => writeModel(folder, 'onnx', { 'model.onnx': new Uint8Array(64) }), /./],
  ['tfjs: no JSON', () => writeModel(folder, 'tfjs', { 'model.json': Buffer.from('{') }), /JSON/],
  [
    'tfjs: JSON of something else',
    () => writeModel(folder, 'tfjs', { 'model.json': Buffer.from('null') }),
    /./,
  ],
  ['tfjs: more weights than its file has', tfjsWith('[2,3]', '[2,3000]'), /./],
  ['tfjs: dims whose product overflows', tfjsWith('[2,3]', '[9007199254740991,9007199254740991]'), /./],
  ['tfjs: an operation that there is not', tfjsWith('"MatMul"', '"RunShell"'), /RunShell/],
];

describe.each<Placement>(['inline', 'thread', 'process'])('%s', (placement) => {
  it.each(BAD)('refuses %s', async (_, write, message) => {
    const loading = openSession(await write(), { placement, settings }).then(async (session) => {
      // TensorFlow.js looks at its operations when it runs them.
      await session.run(row(1, 2)).finally(() => session.dispose());
    });
    await expect(loading).rejects.toThrow(message);
  });
});

describe.each<Placement>(['inline', 'thread', 'process'])('%s, a run', (placement) => {
  async function withModel(model: EngineModel, work: (session: Session) => Promise<void>) {
    const session = await openSession(model, { placement, settings });
    await work(session).finally(() => session.dispose());
  }

  it.each([
    ['onnx', addingOnnx, 'its node Add_1 (Add) failed: Attempting to broadcast an axis by a dimension other'],
    ['tfjs', addingTfjs, 'Operands could not be broadcast together with shapes 3 and 2'],
  ])('of lengths that the graph of %s does not take is the fault of its input', async (_, write, why) => {
    await withModel(await write(folder), async (session) => {
      const run = session.run(addends(3, 2));
      await expect(run).rejects.toMatchObject({ code: 'invalid_input' });
      await expect(run).rejects.toThrow(
        `has no answer to this input ("a" float32 [3], "b" float32 [2]): ${why}`,
      );
      expect((await session.run(addends(3, 3)))['y']?.shape).toEqual([3]);
    });
  });

  it('that asks for 40 TB is refused, and the next one answered', async () => {
    await withModel(await hungryOnnx(folder), async (session) => {
      await expect(session.run(elements(1e13))).rejects.toMatchObject({
        code: 'overloaded',
        message: expect.stringContaining('needs more memory for this input than there is'),
      });
      expect((await session.run(elements(10)))['y']?.data).toEqual(Float32Array.of(10));
    });
  });
});

describe('files', () => {
  it('that are named pipes or folders are refused, and not waited for', async () => {
    const model = await tinyOnnx(folder);
    const { location } = model.files[1]!;
    rmSync(location);
    execFileSync('mkfifo', [location]);
    const open = () => openSession(model, { placement: 'inline', settings });
    await expect(open()).rejects.toThrow('The model file "weights.bin" is no file.');
    rmSync(location);
    execFileSync('mkdir', [location]);
    await expect(open()).rejects.toThrow('is no file');
  });

  it('that are hard links are what was hashed, or nothing', async () => {
    const model = await tinyOnnx(folder);
    const { location } = model.files[1]!;
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'x'.repeat(36));
    rmSync(location);
    linkSync(secret, location);
    await expect(openSession(model, { placement: 'inline', settings })).rejects.toThrow(
      '"weights.bin" does not have the sha256 of the manifest',
    );
  });
});
