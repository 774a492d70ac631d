import { PREDICTIONS_STREAM } from '@ganglion/contracts/wire';
import { ensureConsumer, unlessMissing } from '@ganglion/service-kit/jetstream/ensure';
import {
  AckPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  RetentionPolicy,
  StorageType,
  type Consumer,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';

const STREAM = {
  subjects: [PREDICTIONS_STREAM.subject],
  retention: RetentionPolicy.Workqueue,
  storage: StorageType.File,
  /** Past `max_bytes` publishers are refused, and count what they lose, rather than that the oldest vanish in silence. */
  discard: DiscardPolicy.New,
  max_bytes: 1024 ** 3,
  duplicate_window: nanos(120_000),
};

/** The one durable consumer: every instance of the control plane takes its share of it. */
const CONSUMER = 'control-plane';

/** Events in the hands of consumers at the same time: bounds their memory. */
const MAX_UNACKNOWLEDGED = 1_024;
/** After this an event that nobody acknowledged goes to another instance. */
const ACK_WAIT_MS = 10_000;

/**
 * Makes the stream of predictions, or gives it the settings of this code. Events leave it once they are committed;
 * one that is published twice within two minutes, under the same message id, is kept once.
 */
export async function ensurePredictionsStream(manager: JetStreamManager): Promise<void> {
  const updated = manager.streams.update(PREDICTIONS_STREAM.name, STREAM);
  if ((await unlessMissing(updated, JetStreamApiCodes.StreamNotFound)) !== undefined) return;
  await manager.streams.add({ ...STREAM, name: PREDICTIONS_STREAM.name });
}

/** Makes the durable consumer of the stream, or gives it the settings of this code. */
export function ensurePredictionsConsumer(manager: JetStreamManager): Promise<Consumer> {
  const limits = { ack_wait: nanos(ACK_WAIT_MS), max_ack_pending: MAX_UNACKNOWLEDGED, max_deliver: -1 };
  const consumer = { ...limits, durable_name: CONSUMER, ack_policy: AckPolicy.Explicit };
  return ensureConsumer(manager, PREDICTIONS_STREAM.name, consumer, limits);
}

/** Events that are not committed yet: waiting in the stream, or in a consumer's hands. */
export async function backlogOf(manager: JetStreamManager): Promise<number> {
  const info = await manager.consumers.info(PREDICTIONS_STREAM.name, CONSUMER);
  return info.num_pending + info.num_ack_pending;
}
