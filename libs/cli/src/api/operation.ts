import type { HttpTarget } from '@ganglion/client';

/** A JSON Schema, as OpenAPI 3.1 holds them. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One field of an operation's input. */
export interface Field {
  readonly name: string;
  /** With references followed. */
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  /** Media types that the field takes, when it holds a file's bytes. */
  readonly mediaTypes: readonly string[] | undefined;
}

/** One operation that can be called, as the OpenAPI document tells of it. */
export interface Operation {
  readonly service: string;
  /** Within its service, parts joined by dots. */
  readonly name: string;
  readonly summary: string;
  /** Markdown. */
  readonly description: string;
  readonly target: HttpTarget;
  readonly fields: readonly Field[];
  /** The most inputs of one request; `undefined` when it takes one alone. */
  readonly maxItems: number | undefined;
  /** An input as the document shows it. */
  readonly example: Readonly<Record<string, unknown>> | undefined;
}

export interface Service {
  readonly name: string;
  readonly summary: string;
  readonly operations: readonly Operation[];
}

/** The one field that a bare argument fills: its only media field, or the only string that it cannot do without. */
export function mainField({ fields }: Pick<Operation, 'fields'>): Field | undefined {
  const media = fields.filter(({ mediaTypes }) => mediaTypes !== undefined);
  const texts = fields.filter(({ isRequired, schema }) => isRequired && schema['type'] === 'string');
  const [only, ...others] = media.length > 0 ? media : texts;
  return others.length === 0 ? only : undefined;
}

/** An operation as it is typed. */
export function spoken({ name }: Pick<Operation, 'name'>): string {
  return name.replaceAll('.', ' ');
}
