/** Where an operation is served. */
export interface HttpTarget {
  readonly method: string;
  /** Absolute path with `{parameters}`, such as `/v1/keys/{id}`. */
  readonly path: string;
}

/** A request that can be sent more than once. */
export interface HttpRequest {
  readonly method: string;
  /** With parameters filled in and the query string. */
  readonly path: string;
  readonly body: string | FormData | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const PARAMETER = /\{(\w+)\}/g;
const WITHOUT_BODY = ['GET', 'DELETE'];
/** Bytes whose type the caller does not tell. */
const UNTYPED = 'application/octet-stream';

/**
 * Spreads an input over path, query string and body: JSON, or multipart when it has media.
 *
 * @throws TypeError when a path parameter is missing, or there are bytes where only a field of the input may be some.
 */
export function encodeRequest({ method, path }: HttpTarget, input: unknown): HttpRequest {
  if (typeof input !== 'object' || input === null || isMedia(input)) {
    return { method, path, body: toJson(input) };
  }
  const names = new Set([...path.matchAll(PARAMETER)].map(([, name]) => name));
  const filled = path.replaceAll(PARAMETER, (_, name: string) => encodeParameter(name, input as Fields));
  const rest = names.size === 0 ? input : withoutFields(input as Fields, names);
  if (WITHOUT_BODY.includes(method)) {
    return { method, path: filled + encodeQuery(rest as Fields), body: undefined };
  }
  const hasMedia = Object.values(rest).some(isMedia);
  return { method, path: filled, body: hasMedia ? toForm(rest as Fields) : toJson(rest) };
}

function encodeParameter(name: string, fields: Fields): string {
  const value = fields[name];
  if (value === undefined || value === '') throw new TypeError(`The path needs "${name}".`);
  return encodeURIComponent(String(value));
}

function withoutFields(fields: Fields, names: ReadonlySet<string | undefined>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}

/** A list's values come one by one under the same name. */
function encodeQuery(fields: Fields): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) query.append(name, String(item));
    }
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** Media as parts of their names, all else as JSON in the part `input`: first, so that it is known before they come. */
function toForm(fields: Fields): FormData {
  const entries = Object.entries(fields);
  const form = new FormData();
  const others = Object.fromEntries(entries.filter(([, value]) => !isMedia(value)));
  if (Object.keys(others).length > 0) {
    form.append('input', new Blob([toJson(others)], { type: 'application/json' }));
  }
  for (const [name, value] of entries) {
    if (isMedia(value))
      form.append(name, value instanceof Blob ? value : new Blob([value], { type: UNTYPED }));
  }
  return form;
}

function isMedia(value: unknown): value is Uint8Array<ArrayBuffer> | Blob {
  return value instanceof Uint8Array || value instanceof Blob;
}

/** JSON would make a list of numbers of bytes, and nothing of a Blob, without a word. */
function toJson(input: unknown): string {
  const json = JSON.stringify(input, function (this: Record<string, unknown>, key, value: unknown) {
    if (!isMedia(this[key])) return value;
    throw new TypeError('Media can only be a field of the input of a single call.');
  });
  return json ?? 'null';
}
