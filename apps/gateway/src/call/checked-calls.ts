import type { Answers } from '@ganglion/contracts/answer';
import type { OperationReply } from '@ganglion/service-kit/operation-request';
import { Injectable } from '@nestjs/common';
import type { CheckedInput } from '../request/check-input.js';
import type { Operation } from '../routes/operation.js';
import { mergeResults } from './merge-results.js';
import { OperationCalls, type CallOrigin } from './operation-calls.js';

const NO_RESULTS: Answers = { results: [] };

/** Calls operations with inputs that are checked: of many, those that were refused keep their places. */
@Injectable()
export class CheckedCalls {
  constructor(private readonly calls: OperationCalls) {}

  /** @throws ServiceError `overloaded` when no instance would take the call. */
  admit(operation: Operation): void {
    this.calls.admit(operation);
  }

  /** @throws ServiceError what {@link OperationCalls} throws. */
  async call(operation: Operation, input: CheckedInput, origin: CallOrigin): Promise<OperationReply> {
    if (input.kind === 'one') return this.calls.call(operation, input.value, origin);
    const { items, refused, count } = input;
    if (items.length === 0) {
      return { body: mergeResults(NO_RESULTS, refused, count, origin.requestId), serverTiming: undefined };
    }
    const answered = await this.calls.call(operation, { inputs: items }, origin);
    return refused.size === 0
      ? answered
      : { ...answered, body: mergeResults(answered.body, refused, count, origin.requestId) };
  }

  /** Tells whoever works for a request that nobody waits for it any more. */
  cancel(requestId: string): void {
    this.calls.cancel(requestId);
  }
}
