import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { transcribe } from '@ganglion/contracts/services/speech-to-text/transcribe';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Transcriber } from './transcribe.js';

@Controller()
export class TranscribeHandler {
  constructor(private readonly transcriber: Transcriber) {}

  @Handles(transcribe)
  transcribe(
    @Payload() input: ParsedInputOf<typeof transcribe>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof transcribe>>> {
    return this.transcriber.transcribe(input, context);
  }
}
