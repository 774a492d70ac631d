import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { score } from '@ganglion/contracts/services/fraud-detection/score';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import type { Slot } from '@ganglion/service-kit/model/slot/slot';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Scorer } from './score.js';

@Controller()
export class ScoreHandler {
  private readonly slot: Slot<Scorer>;

  constructor(slots: ModelSlots) {
    this.slot = slots.open('fraud-detection/score', (model) => new Scorer(model));
  }

  @Handles(score)
  score(
    @Payload() input: ParsedInputOf<typeof score>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof score>>> {
    return this.slot.use(context, (scorer, context) => scorer.score(input, context));
  }
}
