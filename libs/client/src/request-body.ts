/**
 * The body of a call: JSON; or, when a field holds media (a Blob, a File, bytes), a form with a part for each such field
 * and the rest as JSON in the part `input`.
 */
export function toRequestBody(input: unknown): string | FormData {
  if (typeof input !== 'object' || input === null) return JSON.stringify(input);
  const entries = Object.entries(input);
  const media = entries.filter(([, value]) => isMedia(value));
  if (media.length === 0) return JSON.stringify(input);
  const form = new FormData();
  const rest = Object.fromEntries(entries.filter(([, value]) => !isMedia(value)));
  // First, so that a server that reads on the fly knows it before the media come.
  form.append('input', new Blob([JSON.stringify(rest)], { type: 'application/json' }));
  for (const [name, value] of media) form.append(name, toBlob(value as Blob | Uint8Array<ArrayBuffer>));
  return form;
}

function isMedia(value: unknown): boolean {
  return value instanceof Blob || value instanceof Uint8Array;
}

/** Bytes without a type: the server looks at what they are. */
function toBlob(value: Blob | Uint8Array<ArrayBuffer>): Blob {
  return value instanceof Blob ? value : new Blob([value], { type: 'application/octet-stream' });
}
