import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { detect } from '@ganglion/contracts/services/image-recognition/detect';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Detector } from './detect.js';

@Controller()
export class DetectHandler {
  constructor(private readonly detector: Detector) {}

  @Handles(detect)
  detect(
    @Payload() input: ParsedInputOf<typeof detect>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof detect>>> {
    return this.detector.detect(input, context);
  }
}
