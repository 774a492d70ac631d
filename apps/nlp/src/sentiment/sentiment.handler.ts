import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { sentiment } from '@ganglion/contracts/services/nlp/sentiment';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import type { Slot } from '@ganglion/service-kit/model/slot/slot';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { prepareRaw } from './prepare-raw.js';
import { Sentiment } from './sentiment.js';

@Controller()
export class SentimentHandler {
  private readonly slot: Slot<Sentiment>;

  constructor(slots: ModelSlots) {
    this.slot = slots.open('nlp/sentiment', Sentiment.load, { prepareRaw });
  }

  @Handles(sentiment)
  classify(
    @Payload() { text }: ParsedInputOf<typeof sentiment>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof sentiment>>> {
    return this.slot.use(context, (sentiment, context) => sentiment.classify(text, context));
  }
}
