import { describe, expect, it } from '@jest/globals';
import { findSpeech } from './speech-spans.js';

/** Frames of one probability after those of another: `['0.9 x 10', '0 x 20']`. */
const frames = (...runs: string[]) =>
  runs.flatMap((run) => {
    const [probability, count] = run.split(' x ');
    return Array.from({ length: Number(count) }, () => Number(probability));
  });

describe('findSpeech', () => {
  it('finds nothing in silence, nor in no frames', () => {
    expect(findSpeech(frames('0.1 x 100'))).toEqual([]);
    expect(findSpeech([])).toEqual([]);
  });

  it('finds speech from where it is sure of it to where it is sure that it ended', () => {
    const probabilities = frames('0.1 x 10', '0.45 x 5', '0.9 x 10', '0.4 x 5', '0.1 x 20');
    expect(findSpeech(probabilities)).toEqual([{ start: 15, end: 30 }]);
  });

  it('keeps speech together over a short silence, and parts it at a long one', () => {
    expect(findSpeech(frames('0.9 x 10', '0 x 9', '0.9 x 10'))).toEqual([{ start: 0, end: 29 }]);
    expect(findSpeech(frames('0.9 x 10', '0 x 10', '0.9 x 10'))).toEqual([
      { start: 0, end: 10 },
      { start: 20, end: 30 },
    ]);
  });

  it('takes a click for no speech', () => {
    expect(findSpeech(frames('0 x 10', '0.9 x 3', '0 x 30'))).toEqual([]);
  });

  it('ends speech that lasts to the end, without the silence after it', () => {
    expect(findSpeech(frames('0 x 10', '0.9 x 20', '0 x 5'))).toEqual([{ start: 10, end: 30 }]);
  });
});
