import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Access } from './access.js';
import { defineCapability, type HttpBinding } from './capability.js';

const shape = { summary: 'Does it.', input: z.strictObject({}), output: z.strictObject({}) };

describe('defineCapability', () => {
  it('binds POST /v1/<service>/<operation>, with dots as slashes', () => {
    const { http, scope } = defineCapability({ service: 'vision', operation: 'faces.detect', ...shape });
    expect(http).toEqual({ method: 'POST', path: '/v1/vision/faces/detect' });
    expect(scope).toBe('vision:faces.detect');
  });

  it('keeps what the definition says', () => {
    const capability = defineCapability({
      service: 'a',
      operation: 'b',
      ...shape,
      http: null,
      deadlineMs: 5,
    });
    expect(capability).toMatchObject({ http: null, deadlineMs: 5, interaction: 'unary', prediction: null });
    expect(Object.isFrozen(capability)).toBe(true);
  });

  it('puts on record what runs the installation, and not what only looks or calls', () => {
    const define = (access: Access, http: HttpBinding) =>
      defineCapability({ service: 'a', operation: 'b', ...shape, access, http }).audit;
    const stages: HttpBinding = { method: 'PUT', path: '/v1/models/{model}/stages/{stage}' };
    expect(define('operate', stages)).toEqual({ by: 'gateway', object: ['model', 'stage'] });
    expect(define('administer', { ...stages, method: 'GET' })).toBeNull();
    expect(define('call', stages)).toBeNull();
  });

  it.each([
    ['Vision', 'detect'],
    ['vision.x', 'detect'],
    ['vi sion', 'detect'],
    ['vision', 'Detect'],
    ['vision', '.detect'],
    ['vision', 'de*tect'],
    ['vision', '$contract'],
  ])('refuses %j/%j, which cannot be both a subject and a path', (service, operation) => {
    expect(() => defineCapability({ service, operation, ...shape })).toThrow(TypeError);
  });
});
