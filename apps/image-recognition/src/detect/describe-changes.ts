import type { PreparedImage } from './preprocess.js';

/** How each EXIF orientation but the first is made upright. @source EXIF 2.32, tag 0x0112 */
const TURNS: Readonly<Record<number, string>> = {
  2: 'mirrored',
  3: 'turned by 180 degrees',
  4: 'mirrored and turned by 180 degrees',
  5: 'mirrored and turned by 270 degrees clockwise',
  6: 'turned by 90 degrees clockwise',
  7: 'mirrored and turned by 90 degrees clockwise',
  8: 'turned by 270 degrees clockwise',
};

/** What was done to a picture before the model saw it, in sentences for the answer's warnings. */
export function describeChanges({ image, content }: Pick<PreparedImage, 'image' | 'content'>): string[] {
  const { width, height, orientation, hadAlpha, frames, isDamaged } = image;
  const turn = TURNS[orientation];
  const isResized = width !== content.width || height !== content.height;
  return [
    turn && `The picture was ${turn}, as its EXIF orientation says; boxes are in the upright picture.`,
    frames > 1 && `The file holds ${frames} pictures: only the first was looked at.`,
    hadAlpha && 'What is transparent in the picture was read as white.',
    isDamaged && 'The file is damaged: parts of the picture may be missing or wrong.',
    isResized &&
      `The picture was resized from ${width} x ${height} to ${content.width} x ${content.height} pixels for the model.`,
  ].filter((sentence) => typeof sentence === 'string');
}
