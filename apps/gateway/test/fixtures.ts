import { setTimeout as sleep } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import type { Role } from '@ganglion/contracts/access';
import { defineCapability, type ParsedInputOf } from '@ganglion/contracts/capability';
import { defineErrors, ServiceError } from '@ganglion/contracts/errors';
import { recordAudit, type AuditEntry } from '@ganglion/contracts/audit';
import { findKey, recordPredictions, verifyKey } from '@ganglion/contracts/ledger';
import { media } from '@ganglion/contracts/media';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { MediaReader } from '@ganglion/service-kit/media-reader';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { z } from 'zod';

const service = 'canteen';

export const canteenErrors = defineErrors(service, {
  sold_out: { status: 409, title: 'The dish is sold out', retryable: false },
});

export const order = defineCapability({
  service,
  operation: 'order',
  summary: 'Cooks what was ordered.',
  input: z.strictObject({
    dish: z.string().min(1).max(10_000_000),
    portions: z.int().min(1).max(9).default(1),
    price: z.number().optional(),
    extras: z.record(z.string(), z.unknown()).optional(),
  }),
  output: z.strictObject({ plates: z.array(z.string()) }),
  prediction: { ledger: 'async', retainInput: 'never', retainDays: 1, reviewable: false },
  maxItems: 3,
  errors: [canteenErrors.sold_out],
  examples: [{ title: 'Soup', input: { dish: 'soup' }, output: { plates: ['soup'] } }],
});

export const weigh = defineCapability({
  service,
  operation: 'trays.weigh',
  summary: 'Weighs a picture of a tray.',
  input: z.strictObject({
    picture: media({ types: ['image/png', 'image/jpeg'], maxBytes: 3_000_000 }),
    table: z.int().optional(),
  }),
  output: z.strictObject({ bytes: z.int(), sha256: z.string(), type: z.string(), table: z.int().optional() }),
});

export const menu = defineCapability({
  service,
  operation: 'menu',
  summary: 'Tells the menu of a day.',
  input: z.strictObject({ day: z.string(), courses: z.int().default(1), vegan: z.boolean().optional() }),
  output: z.strictObject({ day: z.string(), courses: z.int(), vegan: z.boolean().optional() }),
  http: { method: 'GET', path: '/v1/menus/{day}' },
  retrySafe: true,
});

export const wash = defineCapability({
  service,
  operation: 'wash',
  summary: 'Washes up for as long as it is told.',
  input: z.strictObject({ ms: z.int() }),
  output: z.strictObject({ washedBy: z.string() }),
  deadlineMs: 2_000,
  retrySafe: true,
});

export const bake = defineCapability({
  service,
  operation: 'bake',
  summary: 'Bakes loaves, one after the other.',
  input: z.strictObject({ loaves: z.int().min(1), ms: z.int().default(0) }),
  output: z.strictObject({ baked: z.int(), fromCheckpoint: z.unknown() }),
  job: { class: 'cpu', timeoutMs: 60_000, retainDays: 1 },
});

/** Nobody works for this class where `GANGLION_JOBS_TRAINING` is 0: a test does. */
export const learn = defineCapability({
  service,
  operation: 'learn',
  summary: 'Learns a recipe.',
  input: z.strictObject({ recipe: z.string().max(10_000_000) }),
  output: z.strictObject({ learnt: z.string() }),
  job: { class: 'training', timeoutMs: 60_000, retainDays: 1 },
});

export const openVault = defineCapability({
  service,
  operation: 'vault.open',
  summary: 'Looks into the vault.',
  input: z.strictObject({}),
  output: z.strictObject({}),
  http: { method: 'GET', path: '/v1/vault' },
  access: 'administer',
});

export const lockVault = defineCapability({
  service,
  operation: 'vault.lock',
  summary: 'Locks a door of the vault.',
  input: z.strictObject({ door: z.string(), code: z.string() }),
  output: z.strictObject({}),
  http: { method: 'PUT', path: '/v1/vault/{door}' },
  access: 'administer',
});

const model = { id: 'cook', version: '1.0.0' };

@Controller()
export class CanteenHandler {
  /** What the last aborted call was told. */
  static lastAbort: unknown;
  /** How often a meal was cooked. */
  static cooked = 0;

  constructor(private readonly media: MediaReader) {}

  @Handles(order)
  order(@Payload() { dish, portions }: ParsedInputOf<typeof order>): Prediction<{ plates: string[] }> {
    CanteenHandler.cooked += 1;
    if (dish === 'schnitzel') throw new ServiceError(canteenErrors.sold_out, 'Come earlier.');
    return { model, output: { plates: Array.from({ length: portions }, () => dish) } };
  }

  @Handles(weigh)
  async weigh(@Payload() { picture, table }: ParsedInputOf<typeof weigh>, @Ctx() context: CallContext) {
    const bytes = await this.media.read(picture, context);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { bytes: bytes.byteLength, sha256, type: picture.type, ...(table !== undefined && { table }) };
  }

  @Handles(bake)
  async bake(@Payload() { loaves, ms }: ParsedInputOf<typeof bake>, @Ctx() { job, signal }: CallContext) {
    for (let loaf = 1; loaf <= loaves; loaf++) {
      await sleep(ms, undefined, { signal });
      job?.progress(loaf, loaves, 'loaves');
      await job?.part({ loaf, crust: Buffer.from([loaf]) });
    }
    return { baked: loaves, fromCheckpoint: job?.checkpoint ?? null };
  }

  @Handles(learn)
  learn(@Payload() { recipe }: ParsedInputOf<typeof learn>) {
    return { learnt: recipe };
  }

  @Handles(menu)
  menu(@Payload() input: ParsedInputOf<typeof menu>) {
    return input;
  }

  @Handles(openVault)
  openVault() {
    return {};
  }

  @Handles(lockVault)
  lockVault(@Payload() { door }: ParsedInputOf<typeof lockVault>) {
    if (door === 'jammed') throw new ServiceError('conflict', 'The door is jammed.');
    return {};
  }

  @Handles(wash)
  async wash(@Payload() { ms }: ParsedInputOf<typeof wash>, @Ctx() { signal }: CallContext) {
    try {
      await sleep(ms, undefined, { signal });
    } catch {
      CanteenHandler.lastAbort = signal.reason;
    }
    return { washedBy: 'a person' };
  }
}

export const KEY = `gk_live_${'k'.repeat(43)}`;
export const COOK_ONLY_KEY = `gk_live_${'c'.repeat(43)}`;
/** May schedule, and call nothing. */
export const SCHEDULER_KEY = `gk_live_${'s'.repeat(43)}`;
export const sha256Of = (key: string): string => createHash('sha256').update(key).digest('hex');

/** The id of a key of this control plane's. */
export const idOf = (sha256: string): string =>
  `01890a5d-ac96-774b-bcce-b302099a805${[KEY, COOK_ONLY_KEY, SCHEDULER_KEY].map(sha256Of).indexOf(sha256)}`;

const refuse = (code: 'unauthenticated' | 'key_revoked', keyId: string | null) => ({
  key: null,
  refusal: { code, tenant: keyId === null ? null : 'acme', keyId },
});

/** A control plane that knows three keys, counts how often it is asked, and has a ledger that keeps nothing. */
@Controller()
export class KeysHandler {
  static asked = 0;
  static readonly revoked = new Set<string>();

  /** What the gateway put on record. */
  static readonly audit: (AuditEntry & { tenant: string })[] = [];
  /** Public half of what the tokens of every key are signed with. */
  static tokenKey: string | null = null;

  @Handles(verifyKey)
  verify(@Payload() { sha256 }: ParsedInputOf<typeof verifyKey>) {
    KeysHandler.asked += 1;
    return KeysHandler.judge(sha256);
  }

  @Handles(findKey)
  find(@Payload() { id }: ParsedInputOf<typeof findKey>) {
    return KeysHandler.judge(sha256Of([KEY, COOK_ONLY_KEY].find((key) => idOf(sha256Of(key)) === id) ?? ''));
  }

  @Handles(recordAudit)
  recordAudit(@Payload() { entries }: ParsedInputOf<typeof recordAudit>, @Ctx() { tenant }: CallContext) {
    KeysHandler.audit.push(...entries.map((entry) => ({ ...entry, tenant })));
    return { recorded: entries.length };
  }

  @Handles(recordPredictions)
  record(@Payload() { predictions }: ParsedInputOf<typeof recordPredictions>) {
    return { recorded: predictions.length };
  }

  private static judge(sha256: string) {
    const scopes = new Map([
      [sha256Of(KEY), ['*']],
      [sha256Of(COOK_ONLY_KEY), ['canteen:order']],
      [sha256Of(SCHEDULER_KEY), ['edge:*']],
    ]).get(sha256);
    const id = idOf(sha256);
    if (scopes === undefined) return refuse('unauthenticated', null);
    if (KeysHandler.revoked.has(sha256)) return refuse('key_revoked', id);
    const roles: Role[] = sha256 === sha256Of(KEY) ? ['admin'] : ['caller'];
    const { tokenKey } = KeysHandler;
    return {
      key: { id, tenant: 'acme', roles, scopes, expiresAt: null, tokenKey, limits: {} },
      refusal: null,
    };
  }
}
