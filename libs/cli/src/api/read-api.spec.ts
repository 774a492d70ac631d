import { describe, expect, it } from '@jest/globals';
import { operation, SERVICES } from '../../test/api.fixture.js';
import { mainField } from './operation.js';

describe('toServices', () => {
  it('sorts services by name, with their summaries and operations', () => {
    expect(SERVICES.map(({ name, summary }) => [name, summary])).toEqual([
      ['control-plane', 'Keys.'],
      ['fraud', ''],
      ['nlp', 'Reads text.'],
      ['risk', ''],
      ['vision', ''],
    ]);
    expect(SERVICES[0]?.operations.map(({ name }) => name)).toEqual(['keys.list', 'keys.revoke']);
  });

  it('finds fields, media, examples and how many inputs go at once', () => {
    expect(operation('nlp', 'sentiment')).toMatchObject({
      target: { method: 'POST', path: '/v1/nlp/sentiment' },
      maxItems: 256,
      example: { text: 'Lovely.' },
      fields: [{ name: 'text', isRequired: true, mediaTypes: undefined }],
    });
    expect(operation('vision', 'faces.detect')).toMatchObject({
      maxItems: undefined,
      fields: [
        { name: 'image', isRequired: true, mediaTypes: ['image/png', 'image/jpeg'] },
        { name: 'minScore', isRequired: false, mediaTypes: undefined },
        { name: 'labels', schema: { type: 'array', items: { type: 'string' } } },
      ],
    });
  });

  it('finds fields of path and query', () => {
    expect(operation('control-plane', 'keys.revoke')).toMatchObject({
      target: { method: 'DELETE', path: '/v1/keys/{id}' },
      fields: [{ name: 'id', isRequired: true, schema: { type: 'string', description: 'Of the key.' } }],
    });
  });
});

describe('mainField', () => {
  it('is the only media field, else the only needed text, else none', () => {
    const main = (service: string, name: string) => mainField(operation(service, name))?.name;
    expect(main('vision', 'faces.detect')).toBe('image');
    expect(main('nlp', 'sentiment')).toBe('text');
    expect(main('control-plane', 'keys.revoke')).toBe('id');
    expect(main('fraud', 'score')).toBeUndefined();
    expect(main('control-plane', 'keys.list')).toBeUndefined();
  });
});
