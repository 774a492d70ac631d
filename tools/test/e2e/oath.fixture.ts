import { defineCapability, type ParsedInputOf } from '@ganglion/contracts/capability';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { z } from 'zod';

/** An operation whose answers may only leave once they are in the ledger. */
export const swear = defineCapability({
  service: 'oath',
  operation: 'swear',
  summary: 'Gives a number back once it is in the ledger.',
  input: z.strictObject({ number: z.int() }),
  output: z.strictObject({ number: z.int() }),
  prediction: { ledger: 'before-answer', retainInput: 'never', retainDays: 1, reviewable: false },
});

@Controller()
export class OathHandler {
  @Handles(swear)
  swear(@Payload() { number }: ParsedInputOf<typeof swear>): Prediction<{ number: number }> {
    return { model: { id: 'oath', version: '1.0.0' }, output: { number } };
  }
}
