import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { score } from '@ganglion/contracts/services/fraud-detection/score';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Scorer } from './score.js';

@Controller()
export class ScoreHandler {
  constructor(private readonly scorer: Scorer) {}

  @Handles(score)
  score(
    @Payload() input: ParsedInputOf<typeof score>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof score>>> {
    return this.scorer.score(input, context);
  }
}
