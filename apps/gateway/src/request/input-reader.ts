import type { IncomingHttpHeaders } from 'node:http';
import type { BlobRef } from '@ganglion/contracts/media';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Injectable } from '@nestjs/common';
import { IntakeBlobs } from '../blobs/intake-blobs.js';
import { OperationCalls } from '../call/operation-calls.js';
import type { GatewaySettings } from '../config.js';
import { SETTINGS } from '../settings.module.js';
import { checkInput, type CheckedInput } from './check-input.js';
import type { InputContract } from './compile-input.js';
import type { Intake } from './intake.js';
import { readInput, type RoutedRequest } from './read-input.js';

/** Makes checked inputs of HTTP requests. */
@Injectable()
export class InputReader {
  constructor(
    private readonly calls: OperationCalls,
    private readonly blobs: IntakeBlobs,
    @Inject(SETTINGS) private readonly settings: GatewaySettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws ServiceError whatever a request can be wrong with: see `readInput` and `checkInput`. */
  async read(
    request: RoutedRequest,
    contract: InputContract,
    holder: Pick<Intake, 'tenant' | 'leases'>,
  ): Promise<CheckedInput> {
    const { maxJsonBytes } = this.settings;
    const intake = { ...holder, blobs: this.blobs, inlineBytes: this.calls.inlineBytes, maxJsonBytes };
    const input = await readInput(request, contract, intake);
    return checkInput(input, contract, bodySize(request.message.headers));
  }

  /** For what will need room that it does not ask for itself, such as the answer of a job. @throws ServiceError `storage_full` */
  checkRoom(): void {
    this.blobs.checkRoom();
  }

  /** Gives the blobs of a request back, once it is answered. */
  async release(tenant: string, leases: readonly BlobRef[]): Promise<void> {
    for (const lease of leases) {
      try {
        await this.blobs.release(tenant, lease);
      } catch (error) {
        this.logger.warn({ err: error }, 'Could not release a blob; the sweep will');
      }
    }
  }
}

/** Infinity for a body that does not say. */
function bodySize(headers: IncomingHttpHeaders): number {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Infinity;
}
