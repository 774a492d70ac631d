import type { HttpTarget } from './encode-request.js';

/** A schema that carries its types: zod's, and any other of Standard Schema. @source standardschema.dev, version 1 */
interface TypedSchema {
  readonly '~standard': {
    readonly types?: { readonly input: unknown; readonly output: unknown } | undefined;
  };
}

/** What the client needs of an operation's contract; every capability of `@ganglion/contracts` is one. */
export interface Contract {
  readonly service: string;
  readonly operation: string;
  /** `null`: the operation cannot be called over HTTP. */
  readonly http: HttpTarget | null;
  /** Whether a call whose connection broke may be sent again. */
  readonly retrySafe: boolean;
  readonly input: TypedSchema;
  readonly output: TypedSchema;
}

type TypesOf<Schema extends TypedSchema> = NonNullable<Schema['~standard']['types']>;

/** A media field's value: a `Blob` says its own media type, bare bytes go as `application/octet-stream`. */
export type MediaInput = Uint8Array<ArrayBuffer> | Blob;

/** Contracts describe media as services get it, `{ type, bytes }`; callers hand over the bytes themselves. */
type AsSent<Field> = Field extends { readonly type: string; readonly bytes: Uint8Array } ? MediaInput : Field;

type WithMedia<Input> = Input extends object ? { [Name in keyof Input]: AsSent<Input[Name]> } : Input;

/** The input of an operation as a caller writes it; `unknown` while no contract is named. */
export type InputOf<C extends Contract> = WithMedia<TypesOf<C['input']>['input']>;

/** The output of an operation; `unknown` while no contract is named. */
export type OutputOf<C extends Contract> = TypesOf<C['output']>['output'];
