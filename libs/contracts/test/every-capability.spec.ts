import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Capability } from '../src/capability.js';
import { toContractDocument, toJsonSchema, type ContractDocument } from '../src/contract-document.js';
import { MEDIA_KEYWORD } from '../src/media.js';

const source = join(import.meta.dirname, '..', 'src');
/** The gateway's own lie outside of `services`, for it may import none of those. */
const files = ['services', 'edge']
  .flatMap((folder) =>
    readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(folder, file),
    ),
  )
  .filter((file) => /(?<!\.spec)\.ts$/.test(file));

const isCapability = (value: unknown): value is Capability =>
  typeof value === 'object' && value !== null && 'operation' in value && 'input' in value;

const identity = { name: 'any', version: '0.0.0', summary: 'Any.' };

/** What the schemas say of their fields. */
const descriptionsIn = ({ capabilities }: ContractDocument): string[] => {
  const found: string[] = [];
  const schemas = capabilities.flatMap(({ input, output }) => [input, output]);
  JSON.stringify(schemas, (key, value: unknown) => {
    if (key === 'description' && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
};

const found: [name: string, capability: Capability, folder: string][] = [];
for (const file of files) {
  const module = (await import(join(source, file))) as Record<string, unknown>;
  for (const value of Object.values(module).filter(isCapability)) {
    found.push([`${value.service}/${value.operation}`, value, basename(dirname(join(source, file)))]);
  }
}

describe.each(found)('%s', (_name, capability, folder) => {
  it('lies in the folder of its service', () => {
    expect(folder).toBe(capability.service);
  });

  it('says in one sentence what it does', () => {
    expect(capability.summary).toMatch(/^[A-Z].*\.$/);
    expect(capability.summary.length).toBeLessThanOrEqual(120);
  });

  it('can be said in JSON Schema', () => {
    expect(toContractDocument(identity, [capability]).capabilities).toHaveLength(1);
  });

  it('refuses options that it does not have', () => {
    expect(toJsonSchema(capability.input, 'input')).toMatchObject({
      type: 'object',
      additionalProperties: false,
    });
  });

  it('explains itself briefly', () => {
    expect(capability.description.length).toBeLessThanOrEqual(2_000);
    for (const text of descriptionsIn(toContractDocument(identity, [capability]))) {
      expect(text.length).toBeLessThanOrEqual(300);
    }
  });

  it('has an example where it predicts, and examples that fit', () => {
    // Media cannot be written down in an example: the sample of the app shows them instead.
    const takesMedia = JSON.stringify(toJsonSchema(capability.input, 'input')).includes(MEDIA_KEYWORD);
    if (capability.prediction !== null && !takesMedia) expect(capability.examples.length).toBeGreaterThan(0);
    for (const { input, output } of capability.examples) {
      expect(capability.input.safeParse(input).error).toBeUndefined();
      expect(capability.output.safeParse(output).error).toBeUndefined();
    }
  });

  it('declares its own errors under its own name', () => {
    for (const { code } of capability.errors) expect(code).toMatch(new RegExp(`^${capability.service}\\.`));
  });
});

describe('all capabilities', () => {
  it('have names and routes of their own', () => {
    const names = found.map(([name]) => name);
    const routes = found.flatMap(([, { http }]) => (http === null ? [] : [`${http.method} ${http.path}`]));
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(routes).size).toBe(routes.length);
  });
});
