import type { CapabilityDocument, JsonSchema } from '@ganglion/contracts/contract-document';
import { MEDIA_KEYWORD, type MediaLimits } from '@ganglion/contracts/media';
import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import { checkMedia } from './check-media.js';
import { mediaFieldsOf } from './media-fields.js';

/** What a request's input is checked against, prepared once a contract. */
export interface InputContract {
  /** Stops at the first error, so that a hostile body cannot cost more than it weighs. */
  readonly validate: ValidateFunction;
  /** Finds every error. Compiled when it is first needed. */
  readonly validateAll: () => ValidateFunction;
  readonly fields: Readonly<Record<string, JsonSchema>>;
  readonly mediaFields: ReadonlyMap<string, MediaLimits>;
  /** Set when `{ "inputs": [ … ] }` is taken as well. */
  readonly maxItems: number | null;
}

const OPTIONS: Options = {
  strict: false,
  // Infinity, which is what `1e999` reads as, is no number.
  strictNumbers: true,
  // zod writes a pattern beside each format that it checks.
  validateFormats: false,
  // Errors name the schema's properties, to find what a misspelt name meant.
  verbose: true,
};

/** @throws Error when the schema is no JSON Schema. */
export function compileInput(capability: Pick<CapabilityDocument, 'input' | 'maxItems'>): InputContract {
  const { input, maxItems } = capability;
  let all: ValidateFunction | undefined;
  return {
    validate: compile(input, false),
    validateAll: () => (all ??= compile(input, true)),
    fields: (input['properties'] ?? {}) as Record<string, JsonSchema>,
    mediaFields: mediaFieldsOf(input),
    maxItems,
  };
}

function compile(schema: JsonSchema, allErrors: boolean): ValidateFunction {
  const ajv = new Ajv2020({ ...OPTIONS, allErrors });
  ajv.addKeyword({ keyword: MEDIA_KEYWORD, modifying: true, errors: true, validate: checkMedia });
  return ajv.compile(schema);
}
