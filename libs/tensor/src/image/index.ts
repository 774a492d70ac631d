export { decodeImage, type DecodedImage, type DecodeOptions, type Pixels } from './decode-image.js';
export { ImageError, type ImageErrorCode } from './image-error.js';
export { IMAGE_TYPES, imageTypeOf, type ImageType } from './image-type.js';
export { letterbox, type Letterboxed, type Size } from './letterbox.js';
export { normalisePlanes, type Normalisation } from './normalise-planes.js';
export { resizeBilinear } from './resize-bilinear.js';
