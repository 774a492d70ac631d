/** A stretch of time, in frames of voice activity; the end is the first frame after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Speech begins at this probability, and ends below the lower one. */
const SPEECH_BEGINS = 0.5;
const SPEECH_ENDS = 0.35;
/** In frames of 32 ms: shorter speech is a click, shorter silence a stop within a word. */
const MIN_SPEECH_FRAMES = 4;
const MIN_SILENCE_FRAMES = 10;

/**
 * Stretches of speech, by the probability of it in each frame.
 *
 * @source snakers4/silero-vad 6, `utils_vad.py` (`get_speech_timestamps`): two thresholds, shortest speech and silence
 */
export function findSpeech(probabilities: ArrayLike<number>): Span[] {
  const spans: Span[] = [];
  let start: number | null = null;
  let silentSince: number | null = null;
  const close = (end: number) => {
    if (start !== null && end - start >= MIN_SPEECH_FRAMES) spans.push({ start, end });
    start = null;
    silentSince = null;
  };
  for (let frame = 0; frame < probabilities.length; frame++) {
    const probability = probabilities[frame] as number;
    if (probability >= SPEECH_BEGINS) {
      start ??= frame;
      silentSince = null;
    } else if (start !== null && probability < SPEECH_ENDS) {
      silentSince ??= frame;
      if (frame + 1 - silentSince >= MIN_SILENCE_FRAMES) close(silentSince);
    }
  }
  close(silentSince ?? probabilities.length);
  return spans;
}
