export { decodeDicom, type DecodedDicom, type DecodeDicomOptions } from './decode-dicom.js';
export { DicomError, type DicomErrorCode } from './dicom-error.js';
export type { GreyScaling } from './grey-scale.js';
export type { PixelFormat } from './pixel-format.js';
