import type { RunContext } from '@ganglion/service-kit/model/slot-model';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import { cutSegments, type SegmentRules } from './cut-segments.js';
import { findSpeech } from './speech-spans.js';
import { detectVoice, FRAME_SAMPLES } from './voice-activity.js';

/** A stretch of a recording that holds speech. */
export interface SpeechSegment {
  /** 16 kHz, -1..1; with silence around it where it is short. */
  readonly samples: Float32Array<ArrayBuffer>;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** What all models of speech here take. */
export const SAMPLE_RATE_HZ = 16_000;
/** Silence that the detector gets before and after a recording: it misses words at the very edge. */
const EDGE_SAMPLES = SAMPLE_RATE_HZ / 4;
/** A shorter segment keeps that silence: the model hears a single word better with it, and sentences worse. */
const SHORT_SAMPLES = SAMPLE_RATE_HZ;
/** In frames of 32 ms: 30 s, for which the model was made, 1 s and 0.5 s: with less around it, speech loses commas. */
const RULES: SegmentRules = { maxFrames: 937, maxPauseFrames: 31, paddingFrames: 16 };

/**
 * Finds the stretches of a recording that hold speech, each as long as the model hears well.
 *
 * @param recording 16 kHz, -1..1
 */
export async function preprocess(
  recording: Float32Array,
  voiceActivity: Pick<SlotModel, 'run'>,
  context: RunContext,
): Promise<SpeechSegment[]> {
  const framed = new Float32Array(recording.length + 2 * EDGE_SAMPLES);
  framed.set(recording, EDGE_SAMPLES);
  const probabilities = await detectVoice(framed, voiceActivity, context);
  return cutSegments(findSpeech(probabilities), probabilities, RULES).map((span) => {
    const [start, end] = [span.start, span.end].map((frame) =>
      Math.min(Math.max(frame * FRAME_SAMPLES - EDGE_SAMPLES, 0), recording.length),
    ) as [number, number];
    const samples =
      end - start < SHORT_SAMPLES
        ? framed.slice(start, end + 2 * EDGE_SAMPLES)
        : Float32Array.from(recording.subarray(start, end));
    return { samples, startSeconds: toSeconds(start), endSeconds: toSeconds(end) };
  });
}

function toSeconds(samples: number): number {
  return Number((samples / SAMPLE_RATE_HZ).toFixed(3));
}
