import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { classify } from '@ganglion/contracts/services/medical-imaging/classify';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import type { Slot } from '@ganglion/service-kit/model/slot/slot';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Classifier } from './classify.js';
import { FilmReader } from './film-reader.js';

@Controller()
export class ClassifyHandler {
  private readonly slot: Slot<Classifier>;

  constructor(slots: ModelSlots, films: FilmReader) {
    this.slot = slots.open('medical-imaging/classify', (model) => new Classifier(model, films));
  }

  @Handles(classify)
  classify(
    @Payload() input: ParsedInputOf<typeof classify>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof classify>>> {
    return this.slot.use(context, (classifier, context) => classifier.classify(input, context));
  }
}
