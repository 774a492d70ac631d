import { toServices } from '../src/api/read-api.js';
import type { JsonSchema, Operation, Service } from '../src/api/operation.js';

const text = { type: 'string', minLength: 1, description: 'English text.' };
const media = {
  type: 'object',
  description: 'A picture.',
  properties: { base64: { type: 'string' }, type: { type: 'string', enum: ['image/png', 'image/jpeg'] } },
};
const score = { type: 'number', minimum: 0.01, maximum: 1, default: 0.4 };

const INPUTS = {
  'nlp.sentiment.Input': { type: 'object', properties: { text }, required: ['text'] },
  'vision.faces.detect.Input': {
    type: 'object',
    properties: { image: media, minScore: score, labels: { $ref: '#/components/schemas/Labels' } },
    required: ['image'],
  },
  'fraud.score.Input': {
    type: 'object',
    properties: { transaction: { type: 'object' }, strict: { type: 'boolean' } },
    required: ['transaction'],
  },
  Labels: { type: 'array', items: { type: 'string' } },
};

const reference = (name: keyof typeof INPUTS) => ({ $ref: `#/components/schemas/${name}` });
const many = (single: JsonSchema, maxItems: number): JsonSchema => ({
  anyOf: [single, { type: 'object', properties: { inputs: { type: 'array', maxItems, items: single } } }],
});
const json = (schema: JsonSchema, extra: object = {}) => ({
  content: { 'application/json': { schema, ...extra } },
});

/** An OpenAPI document as the gateway writes them. */
export const DOCUMENT = {
  tags: [
    { name: 'nlp', description: 'Reads text.' },
    { name: 'control-plane', description: 'Keys.' },
  ],
  paths: {
    '/v1/nlp/sentiment': {
      post: {
        operationId: 'nlp.sentiment',
        tags: ['nlp'],
        summary: 'Tells the mood.',
        requestBody: json(many(reference('nlp.sentiment.Input'), 256), {
          examples: { example1: { value: { text: 'Lovely.' } } },
        }),
      },
    },
    '/v1/vision/faces/detect': {
      post: {
        operationId: 'vision.faces.detect',
        tags: ['vision'],
        requestBody: {
          content: {
            ...json(reference('vision.faces.detect.Input')).content,
            'multipart/form-data': {
              schema: { properties: { image: { type: 'string', format: 'binary' } } },
            },
          },
        },
      },
    },
    '/v1/fraud/score': {
      post: {
        operationId: 'fraud.score',
        tags: ['fraud'],
        requestBody: json(reference('fraud.score.Input')),
      },
    },
    '/v1/risk/score': { post: { operationId: 'risk.score', tags: ['risk'] } },
    '/v1/risk/models': { get: { operationId: 'risk.models.list', tags: ['risk'] } },
    '/v1/keys': {
      get: {
        operationId: 'control-plane.keys.list',
        tags: ['control-plane'],
        parameters: [
          { name: 'limit', in: 'query', required: false, schema: { type: 'integer', maximum: 100 } },
        ],
      },
    },
    '/v1/keys/{id}': {
      delete: {
        operationId: 'control-plane.keys.revoke',
        tags: ['control-plane'],
        parameters: [
          { name: 'id', in: 'path', required: true, description: 'Of the key.', schema: { type: 'string' } },
        ],
      },
    },
  },
  components: { schemas: INPUTS },
};

export const SERVICES: readonly Service[] = toServices(DOCUMENT);

export function operation(service: string, name: string): Operation {
  const found = SERVICES.find((one) => one.name === service)?.operations.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${service} ${name}`);
  return found;
}
