import { describe, expect, it } from '@jest/globals';
import { filmErrors } from '@ganglion/contracts/services/medical-imaging/classify';
import { chestDicom, chestPicture } from '../../test/film.fixture.js';
import { readFilmInProcess } from './read-film-in-process.js';

const never = new AbortController().signal;
const read = (bytes: Uint8Array, signal = never) => readFilmInProcess({ bytes, type: '', side: 28 }, signal);

/** A DICOM file with so many elements of no length, no two alike. */
function manyElements(count: number): Buffer {
  const elements = Buffer.alloc(8 * count);
  for (let index = 0; index < count; index += 1) {
    elements.writeUInt16LE(0x0019 + 2 * (index >> 15), 8 * index);
    elements.writeUInt16LE(0x1000 + (index & 0x7fff), 8 * index + 2);
    elements.write('LO', 8 * index + 4, 'latin1');
  }
  return Buffer.concat([chestDicom().subarray(0, 300), elements]);
}

describe('readFilmInProcess', () => {
  it('gives the pixels and what they come from', async () => {
    const { pixels, source } = await read(chestDicom());
    expect(pixels).toHaveLength(28 * 28);
    expect(source).toMatchObject({ format: 'dicom', width: 120, height: 150, modality: 'DX' });
  });

  it('gives errors back with their code', async () => {
    await expect(read(Buffer.from('no film'))).rejects.toMatchObject({ code: 'unsupported_media_type' });
  });

  it('outlives a file whose elements fill the memory of its process', async () => {
    const error = await read(manyElements(2_000_000)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: filmErrors.damaged_film.code });
    await expect(read(chestDicom())).resolves.toMatchObject({ source: { format: 'dicom' } });
  }, 120_000);

  it.each([0, 30, 150, 400])(
    'ends a picture %i ms after the start when nobody waits for it',
    async (afterMs) => {
      const picture = await chestPicture(1_000, 1_200).png().toBuffer();
      const abort = new AbortController();
      setTimeout(() => abort.abort(new Error('nobody waits')), afterMs);
      const outcome = await read(picture, abort.signal).catch((reason: unknown) => reason);
      const isDone = typeof outcome === 'object' && outcome !== null && 'pixels' in outcome;
      expect(isDone || (outcome as Error).message === 'nobody waits').toBe(true);
    },
  );
});
