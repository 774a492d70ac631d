import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { recordPredictions } from '@ganglion/contracts/ledger';
import { getPrediction } from '@ganglion/contracts/services/control-plane/predictions';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Predictions } from './predictions.js';

@Controller()
export class PredictionsHandler {
  constructor(private readonly predictions: Predictions) {}

  @Handles(recordPredictions)
  async record(
    @Payload() input: ParsedInputOf<typeof recordPredictions>,
    @Ctx() context: CallContext,
  ): Promise<OutputOf<typeof recordPredictions>> {
    return { recorded: await this.predictions.record(context.tenant, input.predictions) };
  }

  @Handles(getPrediction)
  get(@Payload() input: ParsedInputOf<typeof getPrediction>, @Ctx() context: CallContext) {
    return this.predictions.get(context.tenant, input.id);
  }
}
