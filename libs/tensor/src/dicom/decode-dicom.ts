import type { DataSet } from 'dicom-parser';
import { tensor, type Tensor } from '../tensor.js';
import { DicomError } from './dicom-error.js';
import { greyScaleOf, type GreyScaling } from './grey-scale.js';
import { toModalityValues } from './modality-values.js';
import { parseDicomFile } from './parse-dicom.js';
import { pixelFormatOf, type PixelFormat } from './pixel-format.js';
import { readStoredWords } from './stored-words.js';

export interface DecodeDicomOptions {
  /** Larger pictures are refused before they are unpacked. */
  readonly maxPixels?: number;
  /** Codes of the modalities that are taken; a file that names another is refused before its picture is unpacked. */
  readonly modalities?: readonly string[];
}

/** A DICOM picture that was read, and what its file says of it; nothing of the patient. */
export interface DecodedDicom {
  /** `[rows, columns]` float32, 0 black to 1 white, as a viewer shows it. */
  readonly pixels: Tensor<'float32'>;
  readonly scaling: GreyScaling;
  readonly format: PixelFormat;
  readonly transferSyntax: { readonly uid: string; readonly name: string };
  /** Code of the device's kind, such as `DX`, `CR` or `CT`. */
  readonly modality?: string;
  /** Code of the body part, such as `CHEST`. */
  readonly bodyPart?: string;
  /** Code of the view, such as `PA`, `AP` or `LL`. */
  readonly viewPosition?: string;
}

/** The largest film of a chest has 18 million pixels. */
const MAX_PIXELS = 32_000_000;
/** Of a deflated file: two bytes a pixel, and the other elements. */
const INFLATED_BYTES_PER_PIXEL = 4;

/**
 * Decodes the first picture of a DICOM file to grey: modality table or slope and intercept, then the VOI table or window
 * (or the range of the values, where the file has neither), then MONOCHROME1 turned round.
 *
 * @throws DicomError `not_dicom`, `damaged_dicom`, `unsupported_transfer_syntax`, `no_pixels`, `unsupported_pixels`,
 *   `other_modality`, `too_many_pixels`
 * @source DICOM PS3.4, annex N (grayscale transformations)
 */
export async function decodeDicom(
  bytes: Uint8Array,
  options: DecodeDicomOptions = {},
): Promise<DecodedDicom> {
  const maxPixels = options.maxPixels ?? MAX_PIXELS;
  const parsed = parseDicomFile(bytes, maxPixels * INFLATED_BYTES_PER_PIXEL);
  const { dataSet, transferSyntax } = parsed;
  const source = sourceOf(dataSet);
  checkModality(source.modality, options.modalities);
  const format = pixelFormatOf(dataSet);
  const { rows, columns } = format;
  if (rows * columns > maxPixels) {
    const megapixels = Math.round(maxPixels / 1e6);
    throw new DicomError(
      'too_many_pixels',
      `The picture has ${columns} x ${rows} pixels: send at most ${megapixels} million pixels.`,
    );
  }
  const values = toModalityValues(await readStoredWords(parsed, format), format, dataSet);
  const { scaling, toGrey } = greyScaleOf(dataSet, values, format.isSigned);
  const isInverted = format.photometricInterpretation === 'MONOCHROME1';
  const grey = values.map((value) => (isInverted ? 1 - toGrey(value) : toGrey(value)));
  return {
    pixels: tensor('float32', [rows, columns], grey),
    scaling,
    format,
    transferSyntax: { uid: transferSyntax.uid, name: transferSyntax.name },
    ...source,
  };
}

type Source = Pick<DecodedDicom, 'modality' | 'bodyPart' | 'viewPosition'>;

/** Codes only: a device may have written anything there, even a name. */
function sourceOf(dataSet: DataSet): Source {
  const found = {
    modality: dataSet.string('x00080060'),
    bodyPart: dataSet.string('x00180015'),
    viewPosition: dataSet.string('x00185101'),
  };
  return Object.fromEntries(
    Object.entries(found).filter(([, code]) => /^[A-Z0-9_ ]{1,16}$/.test(code ?? '')),
  ) as Source;
}

function checkModality(modality: string | undefined, taken: readonly string[] | undefined): void {
  if (modality === undefined || taken === undefined || taken.includes(modality)) return;
  throw new DicomError(
    'other_modality',
    `The file's modality is ${modality}: what is taken is ${taken.join(', ')}.`,
  );
}
