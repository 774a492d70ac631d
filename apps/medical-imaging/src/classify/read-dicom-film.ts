import { ServiceError, type CoreErrorCode, type DeclaredError } from '@ganglion/contracts/errors';
import { filmErrors } from '@ganglion/contracts/services/medical-imaging/classify';
import { decodeDicom, DicomError, type DecodedDicom, type DicomErrorCode } from '@ganglion/tensor/dicom';
import { imageTypeOf, type ImageError } from '@ganglion/tensor/image';
import type { GreyFilm } from './film.js';
import { MAX_PIXELS, type FilmFile } from './read-film.js';

const ERRORS: Readonly<Record<DicomErrorCode, CoreErrorCode | DeclaredError>> = {
  not_dicom: 'unsupported_media_type',
  damaged_dicom: filmErrors.damaged_film,
  unsupported_transfer_syntax: filmErrors.unsupported_film,
  unsupported_pixels: filmErrors.unsupported_film,
  no_pixels: filmErrors.no_picture,
  other_modality: filmErrors.not_a_chest_film,
  too_many_pixels: filmErrors.too_many_pixels,
};

/** Computed and digital radiography; DR and RG stand in older files. @source DICOM PS3.3, C.7.3.1.1.1 */
const MODALITIES = ['CR', 'DX', 'DR', 'RG'];
/** @source DICOM PS3.3, C.8.1.3 and C.8.11.5: left and right lateral, oblique */
const SIDE_VIEWS = /^(LL|RL|LLO|RLO|LAT|LATERAL)$/;

const PREAMBLE_BYTES = 128;

/** Whether the file is DICOM by its bytes, or is said to be and is nothing else. */
export function isDicom({ bytes, type }: FilmFile): boolean {
  const magic = Buffer.from(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + 4)).toString('latin1');
  if (magic === 'DICM') return true;
  if (type !== 'application/dicom') return false;
  try {
    imageTypeOf(bytes);
    return false;
  } catch (error) {
    return (error as ImageError).code === 'not_an_image';
  }
}

/** @throws ServiceError `unsupported_media_type`, and the errors of the contract */
export async function readDicomFilm(bytes: Uint8Array): Promise<GreyFilm> {
  const options = { maxPixels: MAX_PIXELS, modalities: MODALITIES };
  const image = await decodeDicom(bytes, options).catch((error: unknown) => {
    if (!(error instanceof DicomError)) throw error;
    throw new ServiceError(ERRORS[error.code], error.message, { cause: error });
  });
  checkSubject(image);
  const { pixels, format, scaling, modality, bodyPart, viewPosition: view } = image;
  const { rows: height, columns: width, frames, photometricInterpretation } = format;
  return {
    pixels: toBytes(pixels.data),
    width,
    height,
    source: {
      ...{ format: 'dicom', width, height, frames, scaling },
      isInverted: photometricInterpretation === 'MONOCHROME1',
      ...(modality !== undefined && { modality }),
      ...(bodyPart !== undefined && { bodyPart }),
      ...(view !== undefined && { view }),
    },
  };
}

/** A loop, for `from` takes several times as long, and a film has millions of pixels. */
function toBytes(grey: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(grey.length);
  for (let index = 0; index < grey.length; index += 1)
    bytes[index] = Math.round(255 * (grey[index] as number));
  return bytes;
}

function checkSubject({ bodyPart = '', viewPosition = '' }: DecodedDicom): void {
  if (bodyPart !== '' && !/CHEST|THORAX|LUNG|UNKNOWN/.test(bodyPart)) {
    throw new ServiceError(
      filmErrors.not_a_chest_film,
      `The file's body part is ${bodyPart}: send a frontal film of the CHEST.`,
    );
  }
  if (SIDE_VIEWS.test(viewPosition)) {
    throw new ServiceError(
      filmErrors.not_a_chest_film,
      `The film's view is ${viewPosition}: send a frontal one, PA or AP.`,
    );
  }
}
