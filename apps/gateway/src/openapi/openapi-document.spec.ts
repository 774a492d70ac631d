import { toContractDocument } from '@ganglion/contracts/contract-document';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from '@jest/globals';
import { menu, order, weigh } from '../../test/fixtures.js';
import { compileOperations } from '../routes/operation.js';
import { toOpenApiDocument } from './openapi-document.js';
import { relocateSchema } from './relocate-schema.js';

const identity = { name: 'canteen', version: '1.0.0', summary: 'Feeds people.' };
const contract = toContractDocument(identity, [order, weigh, menu]);
const operations = compileOperations(contract, (_operation, error) => {
  throw error;
});

describe('the OpenAPI document', () => {
  const document = JSON.parse(JSON.stringify(toOpenApiDocument(operations, [contract])));

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(document)).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)].map(
      ([, pointer = '']) => pointer,
    );
    expect(references.length).toBeGreaterThan(10);
    for (const pointer of references) {
      const target = pointer
        .split('/')
        .slice(1)
        .reduce((value, key) => value?.[key], document);
      expect([pointer, target]).toEqual([pointer, expect.anything()]);
    }
  });

  it('describes the body in every form that the gateway takes', () => {
    const { content } = document.paths['/v1/canteen/trays/weigh'].post.requestBody;
    expect(Object.keys(content)).toEqual([
      'application/json',
      'multipart/form-data',
      'image/png',
      'image/jpeg',
    ]);
    const picture = document.components.schemas['canteen.trays.weigh.Input'].properties.picture;
    expect(picture.required).toEqual(['base64', 'type']);
  });

  it('has parameters in the place of a body, examples, and the errors that a contract declares', () => {
    const { get } = document.paths['/v1/menus/{day}'];
    expect(
      get.parameters.map((parameter: { in: string; name: string }) => `${parameter.in} ${parameter.name}`),
    ).toEqual(['path day', 'query courses', 'query vegan']);
    const { post } = document.paths['/v1/canteen/order'];
    expect(post.requestBody.content['application/json'].examples.manyAtOnce.value).toEqual({
      inputs: [{ dish: 'soup' }],
    });
    expect(post.responses['409'].description).toContain('canteen.sold_out');
    expect(post.responses['202']).toBeDefined();
    expect(post.parameters.map(({ $ref }: { $ref: string }) => $ref)).toEqual([
      '#/components/parameters/IdempotencyKey',
      '#/components/parameters/Prefer',
    ]);
  });
});

describe('relocateSchema', () => {
  it('moves references along', () => {
    const schema = {
      $schema: 'x',
      properties: { a: { $ref: '#' }, b: { $ref: '#/$defs/b' } },
      $defs: { b: {} },
    };
    expect(relocateSchema(schema, '#/components/schemas/A')).toEqual({
      properties: { a: { $ref: '#/components/schemas/A' }, b: { $ref: '#/components/schemas/A/$defs/b' } },
      $defs: { b: {} },
    });
  });
});
