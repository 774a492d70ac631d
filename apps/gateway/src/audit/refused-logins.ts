import { DEFAULT_TENANT } from '@ganglion/contracts/wire';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { uuidv7 } from '@ganglion/contracts/uuidv7';
import { LoginRefused } from '../auth/login-refused.js';
import { AuditLog } from './audit-log.js';

/** How long refusals alike are added up. */
const ADD_UP_MS = 5_000;
/** Kinds at a time; the rest are added up without their address. */
const MAX_KINDS = 1_000;

interface Kind {
  readonly code: string;
  readonly tenant: string | null;
  readonly keyId: string | null;
  readonly address: string | null;
  count: number;
  lastAt: Date;
}

/** Logins that were refused, on their way to the audit: those alike are added up, so that a flood of them is one entry. */
@Injectable()
export class RefusedLogins implements BeforeApplicationShutdown {
  private readonly kinds = new Map<string, Kind>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly log: AuditLog) {}

  note({ code, known: { tenant, keyId } }: LoginRefused, address: string): void {
    const kind = this.kindOf({ code, tenant, keyId, address });
    kind.count += 1;
    kind.lastAt = new Date();
    this.timer ??= setTimeout(() => this.pass(), ADD_UP_MS).unref();
  }

  beforeApplicationShutdown(): void {
    this.pass();
  }

  private kindOf(kind: Omit<Kind, 'count' | 'lastAt'>): Kind {
    const name = JSON.stringify(kind);
    const known = this.kinds.get(name);
    if (known !== undefined) return known;
    const isFull = this.kinds.size >= MAX_KINDS && kind.address !== null;
    if (isFull) return this.kindOf({ code: kind.code, tenant: null, keyId: null, address: null });
    const made = { ...kind, count: 0, lastAt: new Date() };
    this.kinds.set(name, made);
    return made;
  }

  private pass(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const kinds = [...this.kinds.values()];
    this.kinds.clear();
    for (const { code, tenant, keyId, address, count, lastAt } of kinds) {
      this.log.add(tenant ?? DEFAULT_TENANT, {
        id: uuidv7(),
        at: lastAt.toISOString(),
        actor: keyId,
        credential: null,
        roles: [],
        address,
        action: 'auth.refused',
        object: {},
        requestId: null,
        outcome: code,
        count,
      });
    }
  }
}

/** Notes every request whose credentials are refused; one without any is no login. */
export function watchLogins(server: FastifyInstance, logins: RefusedLogins): void {
  server.addHook('onError', async ({ headers, ip }, _reply, error) => {
    if (error instanceof LoginRefused && headers.authorization !== undefined) logins.note(error, ip);
  });
}
