import { describe, expect, it } from '@jest/globals';
import { describeChanges } from './describe-changes.js';

const plain = { width: 416, height: 300, orientation: 1, hadAlpha: false, frames: 1, isDamaged: false };
const content = { left: 0, top: 58, width: 416, height: 300 };
const changesOf = (facts: Partial<typeof plain>) =>
  describeChanges({ image: { ...plain, ...facts }, content } as Parameters<typeof describeChanges>[0]);

describe('describeChanges', () => {
  it('has nothing to say of a picture that was taken as it is', () => {
    expect(changesOf({})).toEqual([]);
  });

  it.each([
    [{ width: 4000, height: 3000 }, 'resized from 4000 x 3000 to 416 x 300 pixels'],
    [{ orientation: 6 }, 'turned by 90 degrees clockwise, as its EXIF orientation says'],
    [{ orientation: 2 }, 'mirrored'],
    [{ hadAlpha: true }, 'read as white'],
    [{ frames: 12 }, '12 pictures: only the first'],
    [{ isDamaged: true }, 'damaged'],
  ])('%j is told', (facts, sentence) => {
    expect(changesOf(facts)).toEqual([expect.stringContaining(sentence)]);
  });
});
