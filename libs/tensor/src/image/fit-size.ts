import type { Size } from './resize.js';

/** The largest size in a picture's own shape that a frame holds, as {@link letterbox} uses it. */
export function containSize(picture: Size, frame: Size): Size {
  return scaled(picture, Math.min(frame.width / picture.width, frame.height / picture.height));
}

/** The smallest size in a picture's own shape that covers a frame: what {@link centreCrop} cuts the frame out of. */
export function coverSize(picture: Size, frame: Size): Size {
  return scaled(picture, Math.max(frame.width / picture.width, frame.height / picture.height));
}

function scaled({ width, height }: Size, scale: number): Size {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
