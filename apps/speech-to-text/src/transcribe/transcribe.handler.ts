import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { transcribe } from '@ganglion/contracts/services/speech-to-text/transcribe';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import type { Slot } from '@ganglion/service-kit/model/slot/slot';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AudioReader } from './audio-reader.js';
import { prepareRaw } from './prepare-raw.js';
import { Transcriber } from './transcribe.js';

@Controller()
export class TranscribeHandler {
  private readonly decoder: Slot<Transcriber>;
  private readonly encoder: Slot<SlotModel>;
  private readonly voiceActivity: Slot<SlotModel>;

  constructor(slots: ModelSlots, audio: AudioReader) {
    this.decoder = slots.open('speech-to-text/transcribe.decoder', (model) => Transcriber.load(model, audio));
    this.encoder = slots.open('speech-to-text/transcribe.encoder', (model) => model, {
      isPart: true,
      prepareRaw,
    });
    this.voiceActivity = slots.open('speech-to-text/transcribe.voice-activity', (model) => model, {
      isPart: true,
    });
  }

  @Handles(transcribe)
  transcribe(
    @Payload() input: ParsedInputOf<typeof transcribe>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof transcribe>>> {
    return this.decoder.use(context, (transcriber, context) =>
      this.encoder.use(context, (encoder) =>
        this.voiceActivity.use(context, (voiceActivity) =>
          transcriber.transcribe(input, { encoder, voiceActivity }, context),
        ),
      ),
    );
  }
}
