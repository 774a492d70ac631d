import type { OutputOf } from '@ganglion/contracts/capability';
import type { transcribe } from '@ganglion/contracts/services/speech-to-text/transcribe';
import type { TextTokenizer } from '@ganglion/tensor/text';
import type { Generated } from './generate-tokens.js';

/** What was heard in one segment of a recording. */
export interface HeardSegment extends Generated {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface Transcript {
  readonly output: Pick<OutputOf<typeof transcribe>, 'text' | 'segments'>;
  /** Geometric mean of the tokens' probabilities; undefined when there are none. */
  readonly confidence: number | undefined;
  readonly warnings: string[];
}

/** Tokens to text, segment by segment. */
export function postprocess(
  heard: readonly HeardSegment[],
  vocabulary: Pick<TextTokenizer, 'decode'>,
): Transcript {
  const segments = heard
    .map(({ startSeconds, endSeconds, tokens }) => ({
      startSeconds,
      endSeconds,
      text: vocabulary.decode(tokens).trim(),
    }))
    .filter(({ text }) => text !== '');
  const steps = heard.reduce((sum, segment) => sum + segment.steps, 0);
  const logProbability = heard.reduce((sum, segment) => sum + segment.logProbability, 0);
  return {
    output: { text: segments.map(({ text }) => text).join(' '), segments },
    confidence: steps === 0 ? undefined : Math.exp(logProbability / steps),
    warnings: segments.length === 0 ? ['No speech was found in the recording.'] : heard.flatMap(describeEnd),
  };
}

function describeEnd({ end, startSeconds, endSeconds }: HeardSegment): string[] {
  const where = `from ${startSeconds} to ${endSeconds} s`;
  if (end === 'loop') return [`The model began to repeat itself ${where}; its text was cut there.`];
  return end === 'limit'
    ? [`The model heard more words ${where} than can be said; its text was cut there.`]
    : [];
}
