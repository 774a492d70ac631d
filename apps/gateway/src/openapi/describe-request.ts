import type { CapabilityDocument, JsonSchema } from '@ganglion/contracts/contract-document';
import type { Operation } from '../routes/operation.js';
import type { SHARED_PARAMETERS } from './shared-components.js';

type Description = Record<string, unknown>;

/**
 * Path and query parameters of an operation: its path's, and for one without a body all other fields too; then the headers
 * by which a call is kept.
 */
export function describeParameters({ capability, input }: Operation): Description[] {
  const inPath = pathParameters(capability);
  const inQuery = takesBody(capability)
    ? []
    : Object.keys(input.fields).filter((name) => !inPath.includes(name));
  const required = (capability.input['required'] ?? []) as readonly string[];
  const describe = (name: string, place: 'path' | 'query'): Description => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...describeField(input.fields[name]),
  });
  return [
    ...inPath.map((name) => describe(name, 'path')),
    ...inQuery.map((name) => describe(name, 'query')),
    ...headersOf(capability).map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
}

function headersOf({ http, job }: CapabilityDocument): (keyof typeof SHARED_PARAMETERS)[] {
  const takesKey = http?.method === 'POST' || http?.method === 'PATCH';
  return [...(takesKey ? (['IdempotencyKey'] as const) : []), ...(job ? (['Prefer'] as const) : [])];
}

function describeField(schema: JsonSchema = { type: 'string' }): Description {
  const { description, ...rest } = schema;
  return { ...(description !== undefined && { description }), schema: rest };
}

export function takesBody({ http }: CapabilityDocument): boolean {
  return http !== null && http.method !== 'GET' && http.method !== 'DELETE';
}

function pathParameters({ http }: CapabilityDocument): string[] {
  return [...(http?.path.matchAll(/\{(\w+)\}/g) ?? [])].map(([, name = '']) => name);
}

/** @param inputRef Where the document has the input's schema. */
export function describeBody({ capability, input }: Operation, inputRef: string): Description {
  const single: Description = { $ref: inputRef };
  const schema =
    capability.maxItems === null ? single : { anyOf: [single, many(single, capability.maxItems)] };
  const content: Description = { 'application/json': { schema, ...describeExamples(capability) } };
  if (input.mediaFields.size > 0)
    content['multipart/form-data'] = { schema: formSchema(input.fields, input.mediaFields) };
  const [only] = input.mediaFields.size === 1 ? input.mediaFields.values() : [];
  for (const type of only?.types ?? []) content[type] = { schema: { type: 'string', format: 'binary' } };
  return { required: true, content };
}

function many(single: Description, maxItems: number): Description {
  return {
    type: 'object',
    description: 'Many at once: each is answered, or refused, on its own.',
    required: ['inputs'],
    properties: { inputs: { type: 'array', minItems: 1, maxItems, items: single } },
    additionalProperties: false,
  };
}

function describeExamples({ examples, maxItems }: CapabilityDocument): Description {
  if (examples.length === 0) return {};
  const singles = examples.map(({ title, input }, index) => [
    `example${index + 1}`,
    { summary: title, value: input },
  ]);
  const manyAtOnce = { summary: 'Many at once', value: { inputs: examples.map(({ input }) => input) } };
  return { examples: { ...Object.fromEntries(singles), ...(maxItems !== null && { manyAtOnce }) } };
}

/** Media are files; the other fields are parts of text. */
function formSchema(
  fields: Operation['input']['fields'],
  mediaFields: ReadonlyMap<string, unknown>,
): Description {
  const properties = Object.entries(fields).map(([name, schema]) => [
    name,
    mediaFields.has(name) ? { type: 'string', format: 'binary' } : schema,
  ]);
  return { type: 'object', properties: Object.fromEntries(properties) };
}
