import { CORE_ERRORS, type CoreErrorCode, type DeclaredError } from '@ganglion/contracts/errors';
import type { CapabilityDocument } from '@ganglion/contracts/contract-document';
import type { Operation } from '../routes/operation.js';
import { takesBody } from './describe-request.js';

type Description = Record<string, unknown>;

/** What any call may end in. */
const COMMON_ERRORS: readonly CoreErrorCode[] = [
  'malformed_request',
  'unauthenticated',
  'forbidden',
  'invalid_input',
  'unknown_option',
  'overloaded',
  'unavailable',
  'deadline_exceeded',
];

/** @param outputRef Where the document has the output's schema. */
export function describeResponses({ capability }: Operation, outputRef: string): Description {
  const status = String(capability.http?.status ?? 200);
  return {
    [status]: describeSuccess(capability, outputRef),
    ...(capability.job && { '202': ACCEPTED }),
    ...describeErrors(capability),
  };
}

const ACCEPTED: Description = {
  description: 'Accepted as a job, as `Prefer` asked: `GET /v1/jobs/{id}` tells how it is.',
  headers: { Location: { schema: { type: 'string' } } },
  content: { 'application/json': { schema: { type: 'object', properties: { id: { type: 'string' } } } } },
};

function describeSuccess(capability: CapabilityDocument, outputRef: string): Description {
  const headers = {
    'Server-Timing': { schema: { type: 'string' } },
    'Ganglion-Request-Id': { schema: { type: 'string' } },
  };
  const schema = successSchema(capability, { $ref: outputRef });
  return {
    description: capability.prediction === null ? 'Done.' : 'The answer.',
    headers,
    content: { 'application/json': { schema, ...describeExample(capability) } },
  };
}

function successSchema({ prediction, maxItems }: CapabilityDocument, output: Description): Description {
  const single = prediction === null ? output : answer(output);
  if (maxItems === null) return single;
  const failed = {
    type: 'object',
    required: ['error'],
    properties: { error: { $ref: '#/components/schemas/Problem' } },
  };
  const results = { type: 'array', items: { anyOf: [single, failed] } };
  return { anyOf: [single, { type: 'object', required: ['results'], properties: { results } }] };
}

function answer(output: Description): Description {
  return {
    type: 'object',
    required: ['id', 'model', 'output', 'warnings'],
    properties: {
      id: {
        type: 'string',
        format: 'uuid',
        description: 'UUIDv7; `GET /v1/predictions/{id}` finds the record.',
      },
      model: { $ref: '#/components/schemas/Model' },
      output,
      explanation: { type: 'object', description: 'Why the answer is as it is.' },
      warnings: { type: 'array', items: { type: 'string' } },
    },
  };
}

function describeExample({ examples, prediction }: CapabilityDocument): Description {
  const [first] = examples;
  if (first === undefined) return {};
  if (prediction === null) return { example: first.output };
  const id = '019a0000-0000-7000-8000-000000000000';
  return { example: { id, model: { id: 'model', version: '1.0.0' }, output: first.output, warnings: [] } };
}

/** One response a status: several codes may share it. */
function describeErrors(capability: CapabilityDocument): Description {
  const core = codesOf(capability).map((code) => ({ code, ...CORE_ERRORS[code] }));
  const byStatus = new Map<number, DeclaredError[]>();
  for (const error of [...core, ...capability.errors]) {
    byStatus.set(error.status, [...(byStatus.get(error.status) ?? []), error]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, errors]) => [String(status), problemResponse(errors)]),
  );
}

function codesOf(capability: CapabilityDocument): CoreErrorCode[] {
  const ofBody: CoreErrorCode[] = ['payload_too_large', 'unsupported_media_type'];
  const ofMany: CoreErrorCode[] = ['too_many_items'];
  const ofKey: CoreErrorCode[] = ['in_progress', 'idempotency_key_reused', 'ledger_unavailable'];
  return [
    ...COMMON_ERRORS,
    ...(takesBody(capability) ? ofBody : []),
    ...(capability.http?.method === 'POST' ? ofKey : []),
    ...(capability.maxItems === null ? [] : ofMany),
  ];
}

function problemResponse(errors: readonly DeclaredError[]): Description {
  const lines = errors.map(({ code, title }) => `[\`${code}\`](/errors/${code}): ${title}.`);
  const [first] = errors;
  const example = {
    type: `/errors/${first?.code}`,
    ...first,
    detail: 'What was wrong, and what would be right.',
  };
  const schema = { $ref: '#/components/schemas/Problem' };
  return { description: lines.join('\n\n'), content: { 'application/problem+json': { schema, example } } };
}
