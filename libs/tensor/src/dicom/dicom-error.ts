/**
 * What a {@link DicomError} complains about. `not_dicom`: no DICOM file. `damaged_dicom`: cut short, or broken.
 * `unsupported_transfer_syntax`: its pixels are stored in a way that is not read; the message names it. `no_pixels`: a
 * DICOM file without a picture. `unsupported_pixels`: a picture of another kind than 8 or 16 bits of grey.
 * `other_modality`: made by another kind of device than the caller takes.
 * `too_many_pixels`: larger than the limit when it is unpacked, or a deflated file that grows past every picture.
 */
export type DicomErrorCode =
  | 'not_dicom'
  | 'damaged_dicom'
  | 'unsupported_transfer_syntax'
  | 'no_pixels'
  | 'unsupported_pixels'
  | 'other_modality'
  | 'too_many_pixels';

/** Why a DICOM file could not be read; the message may be shown to who sent it, and holds nothing of the patient. */
export class DicomError extends Error {
  override readonly name = 'DicomError';

  constructor(
    readonly code: DicomErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** The error for a file that breaks off or contradicts itself. */
export function damaged(cause?: unknown): DicomError {
  return new DicomError(
    'damaged_dicom',
    'The DICOM file could not be read: it is cut short or broken. Send the whole file.',
    cause,
  );
}
