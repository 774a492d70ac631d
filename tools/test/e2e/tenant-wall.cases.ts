import { uuidv7 } from '@ganglion/contracts/uuidv7';

/** What tenant A has, which tenant B shall neither see nor change. */
export interface Belongings {
  readonly keyId: string;
  readonly predictionId: string;
  /** Another one, which B records under the same id: then there are two, for ids are unique within a tenant. */
  readonly twicePredictionId: string;
  readonly webhookId: string;
  readonly deliveryId: string;
  /** Waits for a worker. */
  readonly jobId: string;
  readonly scheduleId: string;
  readonly erasureId: string;
}

/**
 * How an operation is tried at the wall. `by-id` names what belongs to A, and must not find it; `own` asks without a
 * name, and must answer with B's own things alone; `internal` crosses tenants on purpose, and says why that is safe.
 */
export type WallCase =
  | { readonly kind: 'by-id' | 'own'; readonly input: (of: Belongings) => Record<string, unknown> }
  | { readonly kind: 'internal'; readonly why: string };

const byId = (input: (of: Belongings) => Record<string, unknown>): WallCase => ({ kind: 'by-id', input });
const own = (input: (of: Belongings) => Record<string, unknown> = () => ({})): WallCase => ({
  kind: 'own',
  input,
});

const job = ({ jobId: id }: Belongings) => ({ id });
const run = (of: Belongings) => ({ ...job(of), run: 1 });
const webhook = ({ webhookId: id }: Belongings) => ({ id });

/** A case for each operation that does not predict, by `<service>/<operation>`: one without a case fails the test. */
export const WALL_CASES: Readonly<Record<string, WallCase>> = {
  'control-plane/keys.create': own(() => ({ name: 'of B' })),
  'control-plane/keys.find': {
    kind: 'internal',
    why: 'Who reads a browser token does not know its tenant yet; the key tells no secret.',
  },
  'control-plane/keys.list': own(),
  'control-plane/keys.rotate': byId(({ keyId: id }) => ({ id })),
  'control-plane/keys.revoke': byId(({ keyId: id }) => ({ id })),
  'control-plane/keys.verify': {
    kind: 'internal',
    why: 'Who verifies a key does not know its tenant yet; it must hold the digest of 32 random bytes.',
  },
  'control-plane/tokens.create': {
    kind: 'internal',
    why: 'It takes no id: a token is made of the key that asks, and of no other (tokens.spec.ts).',
  },
  'control-plane/audit.list': own(),
  'control-plane/audit.record': own(() => ({ entries: [auditEntry()] })),
  'control-plane/predictions.get': byId(({ predictionId: id }) => ({ id })),
  'control-plane/predictions.record': own(({ twicePredictionId }) => ({
    predictions: [recordOf(twicePredictionId, 'of B')],
  })),
  'control-plane/erasures.create': own(() => ({ everything: true })),
  'control-plane/erasures.get': byId(({ erasureId: id }) => ({ id })),
  'control-plane/erasures.list': own(),
  'control-plane/retention.get': own(),
  'control-plane/retention.put': own(() => ({ jobDays: 1 })),
  'control-plane/retention.read-jobs': {
    kind: 'internal',
    why: 'It tells names of tenants and numbers of days to the one purge of all their jobs; no data of theirs.',
  },
  ...Object.fromEntries(
    ['get', 'list', 'put', 'delete', 'read'].map((verb) => [
      `control-plane/slots.${verb}`,
      {
        kind: 'internal' as const,
        why: 'Slots hold no data of a tenant; only the tenant `default` may change them (slots.spec.ts).',
      },
    ]),
  ),
  'edge/data.erase': own(() => ({ erasure: uuidv7(), subject: null })),
  'edge/jobs.get': byId(job),
  'edge/jobs.list': own(),
  'edge/jobs.cancel': byId(job),
  'edge/jobs.lease': own((of) => ({ ...job(of), worker: 'of B' })),
  'edge/jobs.report': own(run),
  'edge/jobs.end': own((of) => ({ ...run(of), end: { kind: 'answered', answer: 'of B' } })),
  'edge/dead-letters.list': own(),
  'edge/dead-letters.replay': byId(job),
  'edge/schedules.create': own(() => ({
    operation: 'canteen.order',
    input: { dish: 'of B' },
    cron: '0 8 * * *',
  })),
  'edge/schedules.list': own(),
  'edge/schedules.delete': byId(({ scheduleId: id }) => ({ id })),
  'edge/usage.list': own(),
  'edge/usage.export': own(),
  'edge/webhooks.create': own(() => ({ url: 'https://8.8.8.8/', events: ['job.completed'] })),
  'edge/webhooks.list': own(),
  'edge/webhooks.get': byId(webhook),
  'edge/webhooks.update': byId((of) => ({ ...webhook(of), isEnabled: false })),
  'edge/webhooks.rotate': byId(webhook),
  'edge/webhooks.test': byId(webhook),
  'edge/webhooks.deliveries': byId(webhook),
  'edge/webhooks.redeliver': byId((of) => ({ ...webhook(of), delivery: of.deliveryId })),
  'edge/webhooks.delete': byId(webhook),
};

function auditEntry() {
  const nobody = { actor: null, credential: null, roles: [], address: null, requestId: null };
  const what = { action: 'of.b', object: {}, outcome: 'succeeded', count: 1 };
  return { id: uuidv7(), at: new Date().toISOString(), ...nobody, ...what };
}

/** A record of a prediction, old enough that its absence means `not_found`. */
export function recordOf(id: string, requestId: string) {
  return {
    id,
    requestId,
    service: 'nlp',
    operation: 'sentiment',
    model: { id: 'nlp/sentiment', version: '1.0.0' },
    inputSha256: 'ab'.repeat(32),
    output: {},
    warnings: [],
    createdAt: new Date().toISOString(),
  };
}

export function oldId(): string {
  return uuidv7(Date.now() - 3_600_000);
}
