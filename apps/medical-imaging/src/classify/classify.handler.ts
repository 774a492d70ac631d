import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { classify } from '@ganglion/contracts/services/medical-imaging/classify';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Classifier } from './classify.js';

@Controller()
export class ClassifyHandler {
  constructor(private readonly classifier: Classifier) {}

  @Handles(classify)
  classify(
    @Payload() input: ParsedInputOf<typeof classify>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof classify>>> {
    return this.classifier.classify(input, context);
  }
}
