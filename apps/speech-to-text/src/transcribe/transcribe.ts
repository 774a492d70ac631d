import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import type { transcribe } from '@ganglion/contracts/services/speech-to-text/transcribe';
import type { CallContext } from '@ganglion/service-kit/call-context';
import type { Prediction } from '@ganglion/service-kit/handles';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import { tensor, type Tensor } from '@ganglion/tensor';
import type { DecodedAudio } from '@ganglion/tensor/audio';
import { TextTokenizer } from '@ganglion/tensor/text';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { AudioReader } from './audio-reader.js';
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

/** Writes down what recordings say. */
@Injectable()
export class Transcriber implements OnModuleInit {
  private readonly encoder: SlotModel;
  private readonly decoder: SlotModel;
  private readonly voiceActivity: SlotModel;
  private readonly decoding: z.output<typeof decoding>;
  private vocabulary!: TextTokenizer;

  constructor(
    slots: ModelSlots,
    private readonly audio: AudioReader,
  ) {
    this.encoder = slots.slot('speech-to-text/transcribe.encoder');
    this.decoder = slots.slot('speech-to-text/transcribe.decoder');
    this.voiceActivity = slots.slot('speech-to-text/transcribe.voice-activity');
    this.decoding = decoding.parse(this.decoder.manifest.preprocessing);
  }

  async onModuleInit(): Promise<void> {
    this.vocabulary = TextTokenizer.parse(await this.decoder.readFile('tokenizer.json'));
  }

  /** @throws ServiceError as {@link AudioReader.read}, and the models' own. */
  async transcribe(
    input: ParsedInputOf<typeof transcribe>,
    context: CallContext,
  ): Promise<Prediction<OutputOf<typeof transcribe>>> {
    const audio = await this.readAudio(input, context);
    const segments = await preprocess(audio.samples, this.voiceActivity, context);
    const heard = await this.predict(segments, context);
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

  private async predict(segments: readonly SpeechSegment[], context: CallContext): Promise<HeardSegment[]> {
    const { sampleRateHz, startToken, endToken, tokensPerSecond } = this.decoding;
    const heard: HeardSegment[] = [];
    for (const { samples, startSeconds, endSeconds } of segments) {
      const maxTokens = Math.ceil((samples.length / sampleRateHz) * tokensPerSecond);
      const input = tensor('float32', [1, samples.length], samples);
      const { last_hidden_state } = await this.encoder.run({ input_values: input }, context);
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
