import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import type { transcribe } from '@ganglion/contracts/services/speech-to-text/transcribe';
import type { CallContext } from '@ganglion/service-kit/call-context';
import type { Prediction } from '@ganglion/service-kit/handles';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import { tensor, type Tensor } from '@ganglion/tensor';
import type { DecodedAudio } from '@ganglion/tensor/audio';
import { TextTokenizer } from '@ganglion/tensor/text';
import { z } from 'zod';
import type { AudioReader } from './audio-reader.js';
import { describeChanges } from './describe-changes.js';
import { generateTokens } from './generate-tokens.js';
import { postprocess, type HeardSegment } from './postprocess.js';
import { preprocess, type SpeechSegment } from './preprocess.js';

/** What the decoder's manifest says under `preprocessing`. */
const decoding = z.strictObject({
  sampleRateHz: z.literal(16_000),
  startToken: z.int(),
  endToken: z.int(),
  tokensPerSecond: z.number().positive(),
});

type Decoding = z.output<typeof decoding>;

/** The models that help the decoder, which is the one that answers name. */
export interface TranscriberParts {
  readonly encoder: SlotModel;
  readonly voiceActivity: SlotModel;
}

/** Writes down what recordings say. */
export class Transcriber {
  private constructor(
    private readonly decoder: SlotModel,
    private readonly decoding: Decoding,
    private readonly vocabulary: TextTokenizer,
    private readonly audio: AudioReader,
  ) {}

  /** Reads the vocabulary of a loaded decoder. */
  static async load(decoder: SlotModel, audio: AudioReader): Promise<Transcriber> {
    const settings = decoding.parse(decoder.manifest.preprocessing);
    const vocabulary = TextTokenizer.parse(await decoder.readFile('tokenizer.json'));
    return new Transcriber(decoder, settings, vocabulary, audio);
  }

  /** @throws ServiceError as {@link AudioReader.read}, and the models' own. */
  async transcribe(
    input: ParsedInputOf<typeof transcribe>,
    { encoder, voiceActivity }: TranscriberParts,
    context: CallContext,
  ): Promise<Prediction<OutputOf<typeof transcribe>>> {
    const audio = await this.readAudio(input, context);
    const segments = await preprocess(audio.samples, voiceActivity, context);
    const heard = await this.predict(segments, encoder, context);
    const { output, confidence, warnings } = context.timing.measure('postprocess', () =>
      postprocess(heard, this.vocabulary),
    );
    const durationSeconds = Number((audio.samples.length / audio.sampleRateHz).toFixed(3));
    return {
      model: this.decoder.version,
      output: { ...output, durationSeconds, language: input.language },
      warnings: [...describeChanges(audio), ...warnings],
      ...(confidence !== undefined && { confidence }),
    };
  }

  private async readAudio(
    input: ParsedInputOf<typeof transcribe>,
    context: CallContext,
  ): Promise<DecodedAudio> {
    const startedAt = performance.now();
    const audio = await this.audio.read(input.audio, this.decoding.sampleRateHz, context);
    context.timing.add('preprocess', performance.now() - startedAt);
    return audio;
  }

  private async predict(
    segments: readonly SpeechSegment[],
    encoder: SlotModel,
    context: CallContext,
  ): Promise<HeardSegment[]> {
    const { sampleRateHz, startToken, endToken, tokensPerSecond } = this.decoding;
    const heard: HeardSegment[] = [];
    for (const { samples, startSeconds, endSeconds } of segments) {
      const maxTokens = Math.ceil((samples.length / sampleRateHz) * tokensPerSecond);
      const input = tensor('float32', [1, samples.length], samples);
      const { last_hidden_state } = await encoder.run({ input_values: input }, context);
      const rules = { startToken, endToken, maxTokens };
      const generated = await generateTokens(
        last_hidden_state as Tensor,
        { decoder: this.decoder, rules },
        context,
      );
      heard.push({ startSeconds, endSeconds, ...generated });
    }
    return heard;
  }
}
