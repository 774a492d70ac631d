import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import type { getSlot, putSlot } from '@ganglion/contracts/services/control-plane/slots';
import { SLOT_CHANGED, type SlotAssignment, type SlotChanged } from '@ganglion/contracts/slots';
import { DEFAULT_TENANT } from '@ganglion/contracts/wire';
import { publishEvent } from '@ganglion/service-kit/events';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER, NATS } from '@ganglion/service-kit/tokens';
import type { NatsConnection } from '@nats-io/nats-core';
import { Inject, Injectable } from '@nestjs/common';
import type { SlotEntity } from '../persistence/slot.entity.js';
import { SlotRepository } from '../persistence/slot.repository.js';
import { askInstances } from './ask-instances.js';
import { completeVersions } from './complete-versions.js';

/** Sets, shows and forgets what slots should use; services follow by event, and by asking every few seconds. */
@Injectable()
export class Slots {
  constructor(
    private readonly repository: SlotRepository,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws ServiceError `forbidden`, and as {@link completeVersions}. */
  async put(input: ParsedInputOf<typeof putSlot>, tenant: string): Promise<SlotAssignment> {
    refuseOtherTenants(tenant);
    const { service, slot } = input;
    const assignment = { service, slot, versions: completeVersions(input.versions), updatedAt: new Date() };
    await this.repository.put(assignment);
    this.tell(service, slot, assignment.versions);
    return toAssignment(assignment);
  }

  /** @throws ServiceError `not_found` when nobody set the slot and no running service has it. */
  async get(service: string, slot: string): Promise<OutputOf<typeof getSlot>> {
    const [row, instances] = await Promise.all([
      this.repository.find(service, slot),
      askInstances(this.nats, service, slot),
    ]);
    if (row !== null) return { ...toAssignment(row), instances };
    if (instances.length > 0) return { service, slot, versions: [], updatedAt: null, instances };
    throw new ServiceError(
      'not_found',
      `Nobody set the slot ${service}/${slot}, and no service that has it is running.`,
    );
  }

  async list(service?: string): Promise<SlotAssignment[]> {
    return (await this.repository.list(service)).map(toAssignment);
  }

  /** @throws ServiceError `forbidden`; `not_found` when nobody set the slot. */
  async delete(service: string, slot: string, tenant: string): Promise<SlotAssignment> {
    refuseOtherTenants(tenant);
    const row = await this.repository.delete(service, slot);
    if (row === null) throw new ServiceError('not_found', `Nobody set the slot ${service}/${slot}.`);
    this.tell(service, slot, []);
    return toAssignment(row);
  }

  private tell(service: string, slot: string, versions: SlotAssignment['versions']): void {
    this.logger.info({ service, slot, versions }, 'A slot was set');
    publishEvent(this.nats, SLOT_CHANGED, { service } satisfies SlotChanged);
  }
}

/** A model answers every tenant: none but the installation's own may change what the others get. */
function refuseOtherTenants(tenant: string): void {
  if (tenant === DEFAULT_TENANT) return;
  throw new ServiceError('forbidden', `Slots are set by keys of the tenant "${DEFAULT_TENANT}" alone.`);
}

function toAssignment({ service, slot, versions, updatedAt }: Omit<SlotEntity, 'tenantId'>): SlotAssignment {
  return { service, slot, versions, updatedAt: updatedAt.toISOString() };
}
