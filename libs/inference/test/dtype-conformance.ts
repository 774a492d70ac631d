import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ELEMENT_ARRAYS,
  rows,
  stringTensor,
  tensor,
  textsOf,
  zeros,
  type AnyDType,
  type AnyTensor,
  type DType,
} from '@ganglion/tensor';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineModel, Session } from '../src/engine.js';
import type { OpenSession } from './engine-conformance.js';
import { labelsOnnx, settings } from './tiny-models.js';

export const EVERY_DTYPE = [...(Object.keys(ELEMENT_ARRAYS) as DType[]), 'string'] as const;

/** Three elements; of texts those that an encoding might lose. */
function sample(dtype: AnyDType): AnyTensor {
  if (dtype === 'string') return stringTensor([3], ['', 'naïve 😀', '\ufeff a\n']);
  const value = zeros(dtype, [3]);
  value.data[1] = (dtype === 'int64' ? -(2n ** 62n) : 1) as never;
  return value;
}

/** Every dtype that an engine takes goes in and comes out as it is; every other one is refused when it is loaded. */
export function describeDtypes(
  name: string,
  open: OpenSession,
  {
    writeEcho,
    taken,
    refused,
  }: {
    /** Writes a model that gives back what it gets, by dtype (`echoOnnx`). */
    readonly writeEcho: (folder: string, dtypes: readonly AnyDType[]) => Promise<EngineModel>;
    readonly taken: readonly AnyDType[];
    readonly refused: readonly AnyDType[];
  },
): void {
  describe(`${name} and the dtypes`, () => {
    let folder: string;
    let session: Session | undefined;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'ganglion-dtypes-'));
    });
    afterEach(async () => {
      await session?.dispose();
      await rm(folder, { recursive: true });
    });

    it(`takes and gives ${taken.join(', ')}`, async () => {
      session = await open(await writeEcho(folder, taken), settings);
      expect(session.inputs.map(({ dtype }) => dtype)).toEqual(taken);
      const inputs = () => Object.fromEntries(taken.map((dtype) => [dtype, sample(dtype)]));
      const expected = taken.map((dtype) => [`${dtype}_out`, sample(dtype)]);
      expect(await session.run(inputs())).toEqual(Object.fromEntries(expected));
    });

    if (refused.length === 0) return;
    it.each(refused)('refuses a model of %s', async (dtype) => {
      await expect(open(await writeEcho(folder, [dtype]), settings)).rejects.toThrow(
        `"${dtype}" is of ${dtype}, which is not supported`,
      );
    });
  });
}

/** Texts go in and come out as they are; what is no text, and what ONNX Runtime would cut off, is refused. */
export function describeTexts(name: string, open: OpenSession): void {
  describe(`${name} and texts`, () => {
    let folder: string;
    let session: Session;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'ganglion-texts-'));
      session = await open(await labelsOnnx(folder, ['cat', 'dog', 'Käfer']), settings);
    });
    afterEach(async () => {
      await session.dispose();
      await rm(folder, { recursive: true });
    });

    it('looks labels up, and back', async () => {
      expect(session).toMatchObject({
        inputs: [{ name: 'text', dtype: 'string', shape: ['batch', 'words'] }],
        outputs: [
          { name: 'ids', dtype: 'int64' },
          { name: 'back', dtype: 'string' },
        ],
      });
      const { ids, back } = await session.run({ text: stringTensor([2, 2], ['dog', 'Käfer', '', 'cat']) });
      expect(ids).toEqual(tensor('int64', [2, 2], BigInt64Array.of(1n, 2n, -1n, 0n)));
      expect(back).toEqual(stringTensor([2, 2], ['dog', 'Käfer', '?', 'cat']));
    });

    it('takes a part of texts, and leaves the others where they are', async () => {
      const all = stringTensor([3, 1], ['cat', 'dog', 'Käfer']);
      const { ids } = await session.run({ text: rows(all, 1, 2) });
      expect(ids?.data).toEqual(BigInt64Array.of(1n));
      expect(textsOf(all)).toEqual(['cat', 'dog', 'Käfer']);
    });

    const text = () => stringTensor([1, 1], ['cat']);
    it.each<[string, AnyTensor, string]>([
      ['numbers', zeros('uint8', [1, 1]), 'must be string [batch, words], not uint8 [1, 1]'],
      ['a NUL character', stringTensor([1, 2], ['dog', 'c\0t']), 'holds a NUL character in text 1'],
      ['bytes that are no UTF-8', { ...text(), data: Uint8Array.of(0x63, 0xff, 0x74) }, 'no valid UTF-8'],
      ['texts that end beyond their bytes', { ...text(), offsets: Uint32Array.of(0, 4) }, 'no tensor'],
      ['fewer texts than the shape says', { ...text(), shape: [1, 2] }, 'no tensor'],
    ])('refuses %s', async (_, value, message) => {
      const run = session.run({ text: value });
      await expect(run).rejects.toMatchObject({ code: 'invalid_input' });
      await expect(run).rejects.toThrow(message);
    });
  });
}
