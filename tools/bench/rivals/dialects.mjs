/**
 * How a server is spoken to: an input to its HTTP request, the body of its response to the answer.
 *
 * @typedef {import('../workloads/workload.mjs').Workload['name']} WorkloadName
 * @typedef {import('../workloads/workload.mjs').Input} Input
 * @typedef {{
 *   path: string, toBody: (input: Input) => Buffer | object, toAnswer: (body: any, workload: WorkloadName) => unknown,
 * }} Dialect
 */

/** JSON both ways; a JPEG goes as it is. @type {Dialect} */
export const plain = { path: '/predict', toBody: (input) => input, toAnswer: (body) => body };

/** JSON both ways, a JPEG in base64: LitServe reads no raw bodies. @type {Dialect} */
export const litserve = {
  path: '/predict',
  toBody: (input) => (Buffer.isBuffer(input) ? { image: input.toString('base64') } : input),
  toAnswer: (body) => body,
};

/** A batch of one: BentoML joins the batches of its callers. @type {Dialect} */
export const bentoml = {
  path: '/predict',
  toBody: (input) => ({ inputs: [contentOf(input)] }),
  toAnswer: ([answer]) => answer,
};

/** The Open Inference Protocol, version 2. @type {Dialect} */
export const openInference = {
  path: '/v2/models/rival/infer',
  toBody: (input) => ({ inputs: [toTensor(input)] }),
  toAnswer: ({ outputs }, workload) => {
    const [first, second] = outputs.map((/** @type {{ data: any[] }} */ { data }) => data);
    if (workload === 'tabular') return { score: first[0] };
    if (workload === 'image') return JSON.parse(first[0]);
    return { label: first[0], probabilities: { negative: second[0], positive: second[1] } };
  },
};

function contentOf(/** @type {Input} */ input) {
  if (Buffer.isBuffer(input)) return input.toString('base64');
  return 'text' in input ? input.text : input.features;
}

function toTensor(/** @type {Input} */ input) {
  const content = contentOf(input);
  if (Array.isArray(content))
    return { name: 'features', shape: [1, content.length], datatype: 'FP32', data: content };
  return {
    name: Buffer.isBuffer(input) ? 'image' : 'text',
    shape: [1, 1],
    datatype: 'BYTES',
    data: [content],
  };
}
