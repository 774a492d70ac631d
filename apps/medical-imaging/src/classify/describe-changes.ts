import type { FilmSource } from './film.js';
import type { PreparedFilm } from './preprocess.js';

/** With fewer shades than this between black and white, a film is faint. */
const FAINT_SHADES = 48;

/** What was done to a film, assumed of it, or is odd about it, in sentences for the answer's warnings. */
export function describeChanges(
  source: FilmSource,
  { shades, isUsual }: Pick<PreparedFilm, 'shades' | 'isUsual'>,
  { side, assumedPrevalence }: { readonly side: number; readonly assumedPrevalence?: number },
): string[] {
  return [
    !isUsual &&
      'The film looks unlike those that the model was trained on: take the probability for a guess at best.',
    shades < FAINT_SHADES &&
      `The film is faint: its darkest and its brightest part are ${shades} of 255 shades apart.`,
    ...describeDicom(source),
    ...describePicture(source),
    describeSize(source, side),
    assumedPrevalence !== undefined &&
      `The probability assumes that ${Math.round(100 * assumedPrevalence)} % of such films show pneumonia, as in the training data: send "prevalence" for yours.`,
  ].filter((sentence) => typeof sentence === 'string');
}

function describeDicom(source: FilmSource): (string | false)[] {
  const { format, modality, bodyPart, view, frames, isInverted, scaling } = source;
  if (format !== 'dicom') return [];
  const isFrontal = view === 'PA' || view === 'AP';
  return [
    frames > 1 && `The file holds ${frames} pictures: only the first was looked at.`,
    isInverted === true && 'The film was turned from MONOCHROME1 (low values white) to bones white.',
    scaling === 'value-range' &&
      'The file has no window: its values were spread from the least, black, to the most, white.',
    modality === undefined && 'The file does not say its modality: CR or DX was assumed.',
    (bodyPart === undefined || bodyPart.includes('UNKNOWN')) &&
      'The file does not say which body part it shows: the chest was assumed.',
    !isFrontal &&
      `The file ${view === undefined ? 'does not say its view' : `says its view is ${view}`}: a frontal one (PA or AP) was assumed.`,
  ];
}

function describePicture({
  isTurned,
  hadAlpha,
  isDamaged,
  isTinted,
}: FilmSource): (string | undefined | false)[] {
  return [
    isTurned && 'The picture was made upright, as its EXIF orientation says.',
    hadAlpha && 'What is transparent in the picture was read as white.',
    isTinted && 'The picture has a tint, which was taken off.',
    isDamaged && 'The file is damaged: parts of the picture may be missing or wrong.',
  ];
}

function describeSize({ width, height }: FilmSource, side: number): string | false {
  const short = Math.min(width, height);
  const cut = width !== height && `cut to its middle ${short} x ${short}`;
  const resized =
    short !== side && `resized from ${short} x ${short} to ${side} x ${side} pixels for the model`;
  const changes = [cut, resized].filter((change) => change !== false);
  return changes.length > 0 && `The film of ${width} x ${height} pixels was ${changes.join(', and ')}.`;
}
