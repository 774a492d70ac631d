import type { Explanation, ModelVersion } from '@ganglion/contracts/answer';
import type { Capability } from '@ganglion/contracts/capability';
import { operationSubject } from '@ganglion/contracts/wire';
import { MessagePattern } from '@nestjs/microservices';

/** What a handler of a capability that predicts returns; the kit makes the answer and the ledger's record of it. */
export interface Prediction<Output> {
  readonly model: ModelVersion;
  readonly output: Output;
  readonly explanation?: Explanation;
  /** What was done to the input that the caller may not expect. */
  readonly warnings?: readonly string[];
  /** 0..1, where the capability has a notion of it. */
  readonly confidence?: number;
}

/** Key of the capability in a Nest message handler's extras. */
export const CAPABILITY = 'capability';

/**
 * Lets a method of a Nest controller answer a capability. It gets the validated input as `@Payload()` and the
 * {@link CallContext} as `@Ctx()`, and returns a {@link Prediction}, or the plain output where nothing is predicted.
 */
export function Handles(capability: Capability): MethodDecorator {
  return MessagePattern(operationSubject(capability.service, capability.operation), {
    [CAPABILITY]: capability,
  });
}
