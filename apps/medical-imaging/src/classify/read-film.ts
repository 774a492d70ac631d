import { ServiceError } from '@ganglion/contracts/errors';
import { filmErrors } from '@ganglion/contracts/services/medical-imaging/classify';
import { tensor } from '@ganglion/tensor';
import { resize } from '@ganglion/tensor/image';
import type { GreyFilm, ReadFilm } from './film.js';
import { isDicom, readDicomFilm } from './read-dicom-film.js';
import { readPictureFilm } from './read-picture-film.js';

/** The most pixels of a film; the largest of a chest has 18 million. */
export const MAX_PIXELS = 32_000_000;

/** The longer side of a film may have so many times the pixels of the shorter. */
const MAX_ASPECT = 4;

export interface FilmFile {
  readonly bytes: Uint8Array;
  /** What the sender calls it; what it is, its bytes tell. */
  readonly type: string;
}

/**
 * Decodes a film and brings its middle square to `side` x `side` pixels, as the training data was made.
 *
 * @throws ServiceError `unsupported_media_type`, and the errors of the contract but `blank_film`
 */
export async function readFilm(file: FilmFile, side: number): Promise<ReadFilm> {
  const film = isDicom(file) ? await readDicomFilm(file.bytes) : await readPictureFilm(file.bytes, side);
  const { width, height } = film.source;
  if (Math.min(width, height) < side) {
    throw new ServiceError(
      filmErrors.film_too_small,
      `The film has ${width} x ${height} pixels: send at least ${side} x ${side}.`,
    );
  }
  if (Math.max(width, height) > MAX_ASPECT * Math.min(width, height)) {
    throw new ServiceError(
      filmErrors.not_a_chest_film,
      `The picture has ${width} x ${height} pixels: no film of a chest is so long.`,
    );
  }
  const square = cutMiddle(film);
  const length = Math.sqrt(square.length);
  const { data } = resize(tensor('uint8', [length, length, 1], square), {
    width: side,
    height: side,
  });
  return { pixels: data, source: film.source };
}

/** The middle square, as wide as the shorter side. */
function cutMiddle({ pixels, width, height }: GreyFilm): Uint8Array<ArrayBuffer> {
  const side = Math.min(width, height);
  const [left, top] = [Math.round((width - side) / 2), Math.round((height - side) / 2)];
  const square = new Uint8Array(side * side);
  for (let row = 0; row < side; row += 1) {
    const start = (top + row) * width + left;
    square.set(pixels.subarray(start, start + side), row * side);
  }
  return square;
}
