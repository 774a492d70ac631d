import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { detect } from '@ganglion/contracts/services/image-recognition/detect';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { MediaReader } from '@ganglion/service-kit/media-reader';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import type { Slot } from '@ganglion/service-kit/model/slot/slot';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Detector } from './detect.js';
import { prepareRaw } from './prepare-raw.js';

@Controller()
export class DetectHandler {
  private readonly slot: Slot<Detector>;

  constructor(slots: ModelSlots, media: MediaReader) {
    this.slot = slots.open('image-recognition/detect', (model) => new Detector(model, media), { prepareRaw });
  }

  @Handles(detect)
  detect(
    @Payload() input: ParsedInputOf<typeof detect>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof detect>>> {
    return this.slot.use(context, (detector, context) => detector.detect(input, context));
  }
}
