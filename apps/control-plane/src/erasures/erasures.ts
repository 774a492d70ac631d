import { createHash } from 'node:crypto';
import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import type {
  createErasure,
  getErasure,
  listErasures,
} from '@ganglion/contracts/services/control-plane/erasures';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Injectable } from '@nestjs/common';
import type { ErasureEntity } from '../persistence/erasure.entity.js';
import { ErasureRepository } from '../persistence/erasure.repository.js';
import { ErasureWorker } from './erasure-worker.js';

type Erasure = OutputOf<typeof getErasure>;

/** The erasures of a tenant. */
@Injectable()
export class Erasures {
  constructor(
    private readonly repository: ErasureRepository,
    private readonly worker: ErasureWorker,
  ) {}

  /** Commits that it is wanted; from there on it will be done, whatever dies meanwhile. @throws ServiceError `invalid_input` */
  async create(
    input: ParsedInputOf<typeof createErasure>,
    { tenant, keyId }: Pick<CallContext, 'tenant' | 'keyId'>,
  ): Promise<Erasure> {
    const { subject } = input;
    if ((subject === undefined) === (input.everything === undefined)) {
      throw new ServiceError('invalid_input', 'Give either "subject" or "everything": true.');
    }
    const now = new Date();
    const row: ErasureEntity = {
      tenantId: tenant,
      id: uuidv7(now.getTime()),
      subject: subject ?? null,
      subjectSha256: subject === undefined ? null : createHash('sha256').update(subject).digest('hex'),
      state: 'running',
      requestedBy: keyId ?? null,
      erased: [],
      createdAt: now,
      erasedAt: null,
      doneAt: null,
      dueAt: now,
    };
    await this.repository.insert(row);
    this.worker.wake();
    return toErasure(row);
  }

  /** @throws ServiceError `not_found` */
  async get(tenant: string, id: string): Promise<Erasure> {
    const row = await this.repository.find(tenant, id);
    if (row === null) throw new ServiceError('not_found', `There is no erasure ${id}.`);
    return toErasure(row);
  }

  async list(
    tenant: string,
    { limit, after }: ParsedInputOf<typeof listErasures>,
  ): Promise<OutputOf<typeof listErasures>> {
    const rows = await this.repository.page(tenant, limit + 1, after);
    return { data: rows.slice(0, limit).map(toErasure), hasMore: rows.length > limit };
  }
}

function toErasure(row: ErasureEntity): Erasure {
  return {
    id: row.id,
    scope: row.subjectSha256 === null ? 'everything' : 'subject',
    subjectSha256: row.subjectSha256,
    state: row.state,
    requestedBy: row.requestedBy,
    erased: row.erased,
    createdAt: row.createdAt.toISOString(),
    erasedAt: row.erasedAt?.toISOString() ?? null,
    doneAt: row.doneAt?.toISOString() ?? null,
  };
}
