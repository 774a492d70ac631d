import type { ParsedInputOf } from '@ganglion/contracts/capability';
import { recordPredictions } from '@ganglion/contracts/ledger';
import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import { Handles } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

/** A ledger in memory, in the place of the control plane: a controller for a test's own service `control-plane`. */
@Controller()
export class LedgerInMemory {
  static readonly recorded: PredictionRecord[] = [];

  @Handles(recordPredictions)
  record(@Payload() { predictions }: ParsedInputOf<typeof recordPredictions>): { recorded: number } {
    LedgerInMemory.recorded.push(...predictions);
    return { recorded: predictions.length };
  }
}
