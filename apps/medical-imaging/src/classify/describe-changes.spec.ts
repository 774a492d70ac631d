import { describe, expect, it } from '@jest/globals';
import { describeChanges } from './describe-changes.js';
import type { FilmSource } from './film.js';

const png: FilmSource = { format: 'png', width: 28, height: 28, frames: 1 };
const dicom: FilmSource = {
  ...{ ...png, format: 'dicom', scaling: 'window', isInverted: false },
  ...{ modality: 'DX', bodyPart: 'CHEST', view: 'PA' },
};
const clear = { shades: 200, isUsual: true };
const warningsOf = (source: FilmSource, film = clear) => describeChanges(source, film, { side: 28 });
const without = (name: keyof FilmSource): FilmSource => {
  const { [name]: _, ...rest } = dicom;
  return rest as FilmSource;
};

describe('describeChanges', () => {
  it('has nothing to say of films that were taken as they are', () => {
    expect(warningsOf(png)).toEqual([]);
    expect(warningsOf(dicom)).toEqual([]);
  });

  it.each<[FilmSource, string]>([
    [
      { ...png, width: 1841, height: 1955 },
      'The film of 1841 x 1955 pixels was cut to its middle 1841 x 1841, and resized from 1841 x 1841 to 28 x 28 pixels for the model.',
    ],
    [{ ...png, width: 40, height: 40 }, 'The film of 40 x 40 pixels was resized from 40 x 40 to 28 x 28'],
    [{ ...png, width: 28, height: 40 }, 'The film of 28 x 40 pixels was cut to its middle 28 x 28.'],
    [{ ...png, isTurned: true }, 'EXIF orientation'],
    [{ ...png, hadAlpha: true }, 'read as white'],
    [{ ...png, isTinted: true }, 'a tint'],
    [{ ...png, isDamaged: true }, 'damaged'],
    [{ ...dicom, frames: 12 }, '12 pictures: only the first'],
    [{ ...dicom, isInverted: true }, 'MONOCHROME1'],
    [{ ...dicom, scaling: 'value-range' }, 'no window'],
    [{ ...dicom, view: 'LLD' }, 'says its view is LLD: a frontal one (PA or AP) was assumed'],
    [{ ...dicom, bodyPart: 'UNKNOWN' }, 'the chest was assumed'],
    [without('view'), 'does not say its view'],
    [without('bodyPart'), 'does not say which body part'],
    [without('modality'), 'does not say its modality'],
  ])('%j is told', (source, sentence) => {
    expect(warningsOf(source)).toEqual([expect.stringContaining(sentence)]);
  });

  it('tells of faint and unusual films, and of a prevalence that was assumed', () => {
    expect(warningsOf(png, { shades: 20, isUsual: true })).toEqual([expect.stringContaining('20 of 255')]);
    expect(warningsOf(png, { shades: 200, isUsual: false })).toEqual([expect.stringContaining('unlike')]);
    expect(describeChanges(png, clear, { side: 28, assumedPrevalence: 0.742 })).toEqual([
      expect.stringContaining('74 % of such films'),
    ]);
  });
});
