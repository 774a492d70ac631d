/**
 * The bytes of a safetensors file of float32 tensors, in the order of their names: the same tensors, the same bytes.
 *
 * @source huggingface/safetensors README, "Format"
 * @param {Readonly<Record<string, { shape: readonly number[], data: Float32Array }>>} tensors
 */
export function writeSafetensors(tensors) {
  const entries = Object.entries(tensors).sort(([left], [right]) => (left < right ? -1 : 1));
  /** @type {Record<string, unknown>} */
  const header = {};
  let offset = 0;
  for (const [name, { shape, data }] of entries) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  // Spaces behind the JSON let the tensors begin at a multiple of 8 bytes.
  const padded = Buffer.concat([json, Buffer.alloc(-json.length & 7, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const bodies = entries.map(([, { data }]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return Buffer.concat([length, padded, ...bodies]);
}
