import { setTimeout as sleep } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { defineCapability, type ParsedInputOf } from '@ganglion/contracts/capability';
import { defineErrors, ServiceError } from '@ganglion/contracts/errors';
import { recordPredictions, verifyKey } from '@ganglion/contracts/ledger';
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

/** A control plane that knows three keys, counts how often it is asked, and has a ledger that keeps nothing. */
@Controller()
export class KeysHandler {
  static asked = 0;
  static readonly revoked = new Set<string>();

  @Handles(verifyKey)
  verify(@Payload() { sha256 }: ParsedInputOf<typeof verifyKey>) {
    KeysHandler.asked += 1;
    const scopes = new Map([
      [sha256Of(KEY), ['*']],
      [sha256Of(COOK_ONLY_KEY), ['canteen:order']],
      [sha256Of(SCHEDULER_KEY), ['edge:*']],
    ]).get(sha256);
    if (scopes === undefined || KeysHandler.revoked.has(sha256)) return { key: null };
    return { key: { id: '01890a5d-ac96-774b-bcce-b302099a8057', tenant: 'acme', scopes, expiresAt: null } };
  }
  @Handles(recordPredictions)
  record(@Payload() { predictions }: ParsedInputOf<typeof recordPredictions>) {
    return { recorded: predictions.length };
  }
}
