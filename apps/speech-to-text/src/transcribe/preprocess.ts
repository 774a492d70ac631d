import type { CallContext } from '@ganglion/service-kit/call-context';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import { cutSegments, type SegmentRules } from './cut-segments.js';
import { findSpeech } from './speech-spans.js';
import { detectVoice, FRAME_SAMPLES } from './voice-activity.js';

/** A stretch of a recording, in samples. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** In frames of 32 ms: 20 s, 1 s and 0.3 s, the best of those tried (tools/training/transcribe). */
const RULES: SegmentRules = { maxFrames: 625, maxPauseFrames: 31, paddingFrames: 10 };

/**
 * Finds the stretches of a recording that hold speech, each as long as the model hears well.
 *
 * @param samples 16 kHz, -1..1
 */
export async function preprocess(
  samples: Float32Array,
  voiceActivity: Pick<SlotModel, 'run'>,
  context: Pick<CallContext, 'deadline' | 'signal' | 'timing'>,
): Promise<Segment[]> {
  const probabilities = await detectVoice(samples, voiceActivity, context);
  return cutSegments(findSpeech(probabilities), probabilities, RULES).map(({ start, end }) => ({
    start: start * FRAME_SAMPLES,
    end: Math.min(end * FRAME_SAMPLES, samples.length),
  }));
}
