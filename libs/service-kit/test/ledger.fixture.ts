import type { ParsedInputOf } from '@ganglion/contracts/capability';
import { recordPredictions } from '@ganglion/contracts/ledger';
import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { CallContext } from '../src/call-context.js';
import { Handles } from '../src/handles.js';

/** A ledger in memory, in the place of the control plane. */
@Controller()
export class LedgerHandler {
  static readonly recorded: (PredictionRecord & { tenant: string })[] = [];

  @Handles(recordPredictions)
  record(
    @Payload() { predictions }: ParsedInputOf<typeof recordPredictions>,
    @Ctx() { tenant }: CallContext,
  ) {
    LedgerHandler.recorded.push(...predictions.map((prediction) => ({ ...prediction, tenant })));
    return { recorded: predictions.length };
  }
}
