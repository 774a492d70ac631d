import { describe, expect, it } from '@jest/globals';
import { defineEnvironment, readEnvironment } from './environment.js';

const environment = defineEnvironment({
  port: { env: 'X_PORT', type: 'integer', min: 0, max: 65_535, default: 8080, doc: 'Port.' },
  token: { env: 'X_TOKEN', type: 'secret', default: null, doc: 'Token.' },
  url: { env: 'X_URL', type: 'string', doc: 'Where it is.' },
  device: { env: 'X_DEVICE', type: 'enum', values: ['cpu', 'cuda'], default: 'cpu', doc: 'Device.' },
  expect: { env: 'X_EXPECT', type: 'list', default: [], doc: 'Names.' },
  cors: { env: 'X_CORS', type: 'boolean', default: false, doc: 'CORS.' },
});

describe('readEnvironment', () => {
  it('fills defaults in and freezes', () => {
    const settings = readEnvironment(environment, { X_URL: 'nats://h' });
    expect(settings).toEqual({
      port: 8080,
      token: null,
      url: 'nats://h',
      device: 'cpu',
      expect: [],
      cors: false,
    });
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('parses every type', () => {
    const source = {
      X_PORT: '0',
      X_TOKEN: 's',
      X_URL: 'u',
      X_DEVICE: 'cuda',
      X_EXPECT: 'a, b,',
      X_CORS: '1',
    };
    expect(readEnvironment(environment, source)).toEqual({
      port: 0,
      token: 's',
      url: 'u',
      device: 'cuda',
      expect: ['a', 'b'],
      cors: true,
    });
  });

  it('lists every problem at once', () => {
    const read = () => readEnvironment(environment, { X_PORT: '99999', X_DEVICE: 'tpu', X_CORS: 'maybe' });
    expect(read).toThrow(/X_PORT must be a whole number from 0 to 65535, not "99999"/);
    expect(read).toThrow(/X_DEVICE must be one of cpu, cuda/);
    expect(read).toThrow(/X_URL must be set: Where it is\./);
    expect(read).toThrow(/X_CORS must be true or false/);
  });

  it('treats an empty variable as one that is not set', () => {
    expect(readEnvironment(environment, { X_URL: 'u', X_PORT: '' }).port).toBe(8080);
  });
});
