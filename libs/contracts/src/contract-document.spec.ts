import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineCapability } from './capability.js';
import { toContractDocument, toJsonSchema } from './contract-document.js';
import { contractDigest } from './digest.js';
import { media, MEDIA_KEYWORD } from './media.js';

const detect = defineCapability({
  service: 'vision',
  operation: 'detect',
  summary: 'Finds objects.',
  input: z.strictObject({
    image: media({ types: ['image/png'], maxBytes: 1_000 }),
    minScore: z.number().min(0).max(1).default(0.4),
  }),
  output: z.strictObject({ count: z.int() }),
});

const identity = { name: 'vision', version: '1.0.0', summary: 'Pictures.' };

describe('toContractDocument', () => {
  const [capability] = toContractDocument(identity, [detect]).capabilities;

  it('says in JSON Schema what a caller may write', () => {
    expect(capability?.input).toMatchObject({
      type: 'object',
      required: ['image'],
      additionalProperties: false,
      properties: { minScore: { type: 'number', minimum: 0, maximum: 1, default: 0.4 } },
    });
  });

  it('marks media fields with their limits', () => {
    expect(capability?.input['properties']).toMatchObject({
      image: { [MEDIA_KEYWORD]: { types: ['image/png'], maxBytes: 1_000 } },
    });
  });

  it('is plain JSON', () => {
    const document = toContractDocument(identity, [detect]);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('toJsonSchema', () => {
  it.each([
    ['a refinement', z.strictObject({ a: z.string().refine((text) => text !== 'b') })],
    ['a transform', z.strictObject({ a: z.string().transform(Number) })],
    ['a check of the whole object', z.strictObject({ a: z.string() }).superRefine(() => undefined)],
    ['a refined list', z.strictObject({ a: z.array(z.string()).refine((list) => list.length % 2 === 0) })],
    ['a coerced number', z.strictObject({ a: z.preprocess(Number, z.number()) })],
    ['a date', z.strictObject({ a: z.date() })],
  ])('refuses %s, which JSON Schema cannot say', (_what, schema) => {
    expect(() => toJsonSchema(schema, 'x input')).toThrow();
  });
});

describe('contractDigest', () => {
  const document = toContractDocument(identity, [detect]);

  it('does not depend on the order of keys', () => {
    const { service, version, summary, capabilities } = document;
    expect(contractDigest({ capabilities, summary, version, service })).toBe(contractDigest(document));
  });

  it('changes with the contract', () => {
    const changed = defineCapability({ ...detect, deadlineMs: detect.deadlineMs + 1 });
    expect(contractDigest(toContractDocument(identity, [changed]))).not.toBe(contractDigest(document));
  });
});
