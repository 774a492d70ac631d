import { z } from 'zod';
import type { Capability, Example } from './capability.js';
import { MEDIA_KEYWORD } from './media.js';

/** A JSON Schema of draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One capability as it travels: {@link Capability} with JSON Schemas in the place of zod's. */
export interface CapabilityDocument extends Omit<Capability, 'service' | 'input' | 'output' | 'examples'> {
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly examples: readonly Example[];
}

/** What a service answers on its `$contract` subject. */
export interface ContractDocument {
  readonly service: string;
  readonly version: string;
  readonly summary: string;
  readonly capabilities: readonly CapabilityDocument[];
}

/** A service's contract for the wire. */
export function toContractDocument(
  service: { readonly name: string; readonly version: string; readonly summary: string },
  capabilities: readonly Capability[],
): ContractDocument {
  return {
    service: service.name,
    version: service.version,
    summary: service.summary,
    capabilities: capabilities.map(toCapabilityDocument),
  };
}

function toCapabilityDocument(capability: Capability): CapabilityDocument {
  const { service: _service, input, output, ...rest } = capability;
  const name = `${capability.service}/${capability.operation}`;
  return {
    ...rest,
    input: toJsonSchema(input, `${name} input`),
    output: toJsonSchema(output, `${name} output`),
  };
}

/**
 * The JSON Schema of a zod schema. Inputs are described as a caller writes them, so fields with a default are optional.
 *
 * @throws TypeError when the schema says something that JSON Schema cannot (a transform, a refinement): the gateway
 *   could not check it.
 */
export function toJsonSchema(schema: z.ZodType, name: string): JsonSchema {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const checks = zodSchema._zod.def.checks ?? [];
      const isCustom = checks.some((check) => check._zod.def.check === 'custom');
      if (isCustom && !(MEDIA_KEYWORD in jsonSchema)) {
        throw new TypeError(
          `${name} has a refinement, which JSON Schema cannot say: check it in the handler.`,
        );
      }
      if (zodSchema._zod.def.type === 'transform' || zodSchema._zod.def.type === 'pipe') {
        throw new TypeError(`${name} has a transform, which JSON Schema cannot say: do it in the handler.`);
      }
    },
  }) as JsonSchema;
}
