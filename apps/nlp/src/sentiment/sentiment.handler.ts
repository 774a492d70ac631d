import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { sentiment } from '@ganglion/contracts/services/nlp/sentiment';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Sentiment } from './sentiment.js';

@Controller()
export class SentimentHandler {
  constructor(private readonly sentiment: Sentiment) {}

  @Handles(sentiment)
  classify(
    @Payload() { text }: ParsedInputOf<typeof sentiment>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof sentiment>>> {
    return this.sentiment.classify(text, context);
  }
}
