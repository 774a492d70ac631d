import { describe, expect, it } from '@jest/globals';
import { readSafetensorsIndex } from '@ganglion/inference/onnx-graph';
import { writeSafetensors } from './write-safetensors.mjs';

describe('writeSafetensors', () => {
  const tensors = {
    weight: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    bias: { shape: [2], data: Float32Array.of(5, 6) },
  };

  it('writes what a reader finds again', () => {
    const file = writeSafetensors(tensors);
    const index = readSafetensorsIndex(file);
    expect([...index.keys()]).toEqual(['bias', 'weight']);
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      const entry = index.get(name);
      expect(entry).toMatchObject({ dtype: 'float32', shape });
      expect(file.readFloatLE(entry?.offset ?? 0)).toBe(data[0]);
      expect(file.readFloatLE((entry?.offset ?? 0) + (entry?.length ?? 0) - 4)).toBe(data.at(-1));
    }
  });

  it('writes the same bytes whatever the order, the tensors aligned', () => {
    const { weight, bias } = tensors;
    const file = writeSafetensors({ bias, weight });
    expect(file.equals(writeSafetensors({ weight, bias }))).toBe(true);
    expect((readSafetensorsIndex(file).get('bias')?.offset ?? 1) % 8).toBe(0);
  });
});
