import { GanglionError, type Ganglion } from '@ganglion/client';
import type { Field, JsonSchema, Operation, Service } from './operation.js';
import { resolveReference } from './resolve-reference.js';

interface OpenApiOperation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, OpenApiContent>> };
}

/** Headers are no part of an input; some are references. */
interface OpenApiParameter {
  readonly name: string;
  readonly in?: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: JsonSchema;
}

interface OpenApiContent {
  readonly schema?: JsonSchema;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
}

interface OpenApiDocument {
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components?: JsonSchema;
}

/** What is served, by the OpenAPI document of the server. @throws GanglionError */
export async function readApi(ganglion: Ganglion): Promise<readonly Service[]> {
  const document = await ganglion.request({ method: 'GET', path: '/openapi.json' });
  const isDocument = typeof document === 'object' && document !== null && 'paths' in document;
  if (isDocument) return toServices(document as OpenApiDocument);
  const detail = 'The server answered with what is no OpenAPI document: is the address that of Ganglion?';
  throw new GanglionError({ code: 'unexpected_response', status: 200, detail, retryable: false });
}

/** The services of a document, by name. */
export function toServices(document: OpenApiDocument): readonly Service[] {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      toOperation(operation, { method: method.toUpperCase(), path }, document),
    ),
  );
  const summaries = new Map((document.tags ?? []).map(({ name, description = '' }) => [name, description]));
  const names = [...new Set(operations.map(({ service }) => service))].sort();
  return names.map((name) => ({
    name,
    summary: summaries.get(name) ?? '',
    operations: operations
      .filter(({ service }) => service === name)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }));
}

/** An operation's id is `<service>.<operation>`, its service the tag. */
function toOperation(
  operation: OpenApiOperation,
  target: Operation['target'],
  document: OpenApiDocument,
): Operation[] {
  const { operationId = '', tags: [service] = [], summary = '', description = '' } = operation;
  if (service === undefined || !operationId.startsWith(`${service}.`)) return [];
  const json = operation.requestBody?.content?.['application/json'];
  const { single, maxItems } = splitMany(json?.schema);
  const ofBody = readBodyFields(resolveReference(single, document), operation, document);
  const inBody = new Set(ofBody.map(({ name }) => name));
  const ofPath = (operation.parameters ?? [])
    .filter(({ name, in: place }) => (place === 'path' || place === 'query') && !inBody.has(name))
    .map(toField);
  const example = Object.values(json?.examples ?? {})[0]?.value as Operation['example'];
  const name = operationId.slice(service.length + 1);
  return [{ service, name, summary, description, target, fields: [...ofPath, ...ofBody], maxItems, example }];
}

/** A body that may hold many inputs is one of two: a single input, or `{ "inputs": [ … ] }`. */
function splitMany(schema: JsonSchema = {}): { single: JsonSchema; maxItems: number | undefined } {
  const [single, many] = (schema['anyOf'] ?? []) as readonly JsonSchema[];
  const inputs = (many?.['properties'] as Record<string, JsonSchema> | undefined)?.['inputs'];
  if (single === undefined || inputs === undefined) return { single: schema, maxItems: undefined };
  return { single, maxItems: inputs['maxItems'] as number | undefined };
}

/** Media are those fields that the form takes as files. */
function readBodyFields(
  input: JsonSchema,
  { requestBody }: OpenApiOperation,
  document: OpenApiDocument,
): Field[] {
  const required = (input['required'] ?? []) as readonly string[];
  const form = requestBody?.content?.['multipart/form-data']?.schema ?? {};
  const parts = (form['properties'] ?? {}) as Record<string, JsonSchema>;
  const fields = Object.entries((input['properties'] ?? {}) as Record<string, JsonSchema>);
  return fields.map(([name, schema]) => ({
    name,
    schema: resolveReference(schema, document),
    isRequired: required.includes(name),
    mediaTypes: parts[name]?.['format'] === 'binary' ? mediaTypesOf(schema) : undefined,
  }));
}

function mediaTypesOf({ properties }: JsonSchema): readonly string[] {
  const { type } = (properties ?? {}) as { type?: { enum?: readonly string[] } };
  return type?.enum ?? [];
}

function toField({ name, required = false, description, schema = {} }: OpenApiParameter): Field {
  const described = description === undefined ? schema : { ...schema, description };
  return { name, schema: described, isRequired: required, mediaTypes: undefined };
}
