import { describe, expect, it } from '@jest/globals';
import { expectAlike } from './workload.mjs';

const tolerance = (/** @type {string} */ name) => (name === 'x' ? 2 : 0.1);
const answer = { objects: [{ label: 'cat', score: 0.5, box: { x: 10 } }], image: null };

describe('expectAlike', () => {
  it.each([
    ['the same', answer],
    [
      'numbers that differ by less than may be',
      { objects: [{ label: 'cat', score: 0.55, box: { x: 11.9 } }], image: null },
    ],
  ])('takes %s', (_, actual) => {
    expect(() => expectAlike(actual, answer, tolerance)).not.toThrow();
  });

  it.each([
    [
      'a number too far off',
      { ...answer, objects: [{ label: 'cat', score: 0.61, box: { x: 10 } }] },
      'score is 0.61',
    ],
    ['no number', { ...answer, objects: [{ label: 'cat', score: NaN, box: { x: 10 } }] }, 'score is NaN'],
    [
      'another word',
      { ...answer, objects: [{ label: 'dog', score: 0.5, box: { x: 10 } }] },
      'label is "dog"',
    ],
    ['one too many', { ...answer, objects: [...answer.objects, 1] }, '1 is 1'],
    ['one too few', { ...answer, objects: [] }, '0 is undefined'],
    ['nothing', undefined, ' is undefined'],
  ])('refuses %s', (_, actual, reason) => {
    expect(() => expectAlike(actual, answer, tolerance)).toThrow(reason);
  });
});
