import { ServiceError } from '@ganglion/contracts/errors';
import type { ServiceRegistry } from '../discovery/service-registry.js';

/** When to come again who was refused. */
const RETRY_AFTER_MS = 1_000;

/** Refuses calls before anything of them is read: under overload a refusal must cost little. */
export class Admission {
  /** One error for all refusals of a service: a stack for each would cost more than all else that a refusal takes. */
  private readonly refusals = new Map<string, ServiceError>();

  /** @param maxInFlight Calls that an instance answers at the same time. */
  constructor(
    private readonly registry: ServiceRegistry,
    private readonly maxInFlight: number,
  ) {}

  /** @throws ServiceError `overloaded` when no instance of the service would take the call. */
  admit(service: string): void {
    const instances = this.registry.instancesOf(service);
    if (instances.length === 0 || instances.some(({ callsInFlight }) => callsInFlight < this.maxInFlight))
      return;
    throw this.refusalOf(service);
  }

  private refusalOf(service: string): ServiceError {
    let refusal = this.refusals.get(service);
    if (refusal === undefined) {
      const detail = `Every instance of ${service} has ${this.maxInFlight} calls in progress already.`;
      refusal = new ServiceError('overloaded', detail, { retryAfterMs: RETRY_AFTER_MS });
      this.refusals.set(service, refusal);
    }
    return refusal;
  }
}
