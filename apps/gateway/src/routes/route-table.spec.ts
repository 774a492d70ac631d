import type { CapabilityDocument } from '@ganglion/contracts/contract-document';
import { describe, expect, it } from '@jest/globals';
import { OWN_ROUTES } from '../http/own-routes.js';
import { compileOperations, type Operation } from './operation.js';
import { RouteTable } from './route-table.js';

const capability = (operation: string, http: CapabilityDocument['http']): CapabilityDocument => ({
  operation,
  summary: '',
  description: '',
  input: { type: 'object' },
  output: {},
  http,
  interaction: 'unary',
  prediction: null,
  job: null,
  maxItems: null,
  errors: [],
  scope: `s:${operation}`,
  access: 'call',
  audit: null,
  deadlineMs: 1_000,
  retrySafe: false,
  examples: [],
});

const compile = (...capabilities: CapabilityDocument[]): Operation[] =>
  compileOperations({ service: 's', version: '1.0.0', summary: '', capabilities }, (_operation, error) => {
    throw error;
  });

describe('RouteTable', () => {
  const keys = compile(
    capability('list', { method: 'GET', path: '/v1/keys' }),
    capability('show', { method: 'GET', path: '/v1/keys/{id}' }),
    capability('drop', { method: 'DELETE', path: '/v1/keys/{id}' }),
    capability('run', { method: 'POST', path: '/v1/keys:run' }),
    capability('inside', null),
  );
  const table = new RouteTable(OWN_ROUTES, keys, () => undefined);

  it('finds operations by method and path, and decodes parameters', () => {
    const found = table.find('DELETE', '/v1/keys/a%2Fb');
    expect(found).toMatchObject({
      kind: 'operation',
      operation: { name: 's.drop' },
      parameters: { id: 'a/b' },
    });
    expect(table.find('POST', '/v1/keys:run')).toMatchObject({ operation: { name: 's.run' } });
    expect(table.operations.map(({ name }) => name)).toEqual(['s.list', 's.show', 's.drop', 's.run']);
  });

  it('tells the methods that a path takes, its own paths included', () => {
    expect(table.find('PUT', '/v1/keys/1')).toEqual({ kind: 'wrong-method', allow: ['GET', 'DELETE'] });
    expect(table.find('POST', '/openapi.json')).toEqual({ kind: 'wrong-method', allow: ['GET'] });
  });

  it('names what is near an unknown path', () => {
    expect(table.find('GET', '/v1/kyes')).toEqual({ kind: 'unknown', nearest: ['/v1/keys'] });
    expect(table.find('GET', '/v1/keys/%zz')).toMatchObject({ kind: 'unknown' });
  });

  it('refuses a path that is taken, by an operation before it or by the gateway', () => {
    const taken: string[] = [];
    const late = compile(
      capability('thief', { method: 'GET', path: '/v1/keys/{other}' }),
      capability('imposter', { method: 'GET', path: '/v1/services' }),
    );
    const full = new RouteTable(OWN_ROUTES, [...keys, ...late], ({ name }) => taken.push(name));
    expect(taken).toEqual(['s.thief', 's.imposter']);
    expect(full.find('GET', '/v1/keys/1')).toMatchObject({ operation: { name: 's.show' } });
  });
});

describe('compileOperations', () => {
  it('serves the others when a schema is none', () => {
    const broken = { ...capability('broken', { method: 'POST', path: '/a' }), input: { type: 'nothing' } };
    const sound = capability('sound', { method: 'POST', path: '/b' });
    const refused: string[] = [];
    const document = { service: 's', version: '1.0.0', summary: '', capabilities: [broken, sound] };
    const operations = compileOperations(document, (operation) => refused.push(operation));
    expect(operations.map(({ name }) => name)).toEqual(['s.sound']);
    expect(refused).toEqual(['s.broken']);
  });
});
