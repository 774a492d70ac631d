import { JOBS_STREAM, jobSubject } from '@ganglion/contracts/wire';
import {
  AckPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type Consumer,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { ensureConsumer, ensureStream } from '../jetstream/ensure.js';

const STREAM = {
  name: JOBS_STREAM.name,
  subjects: [JOBS_STREAM.subjects],
  retention: RetentionPolicy.Workqueue,
  storage: StorageType.File,
  /** Past `max_bytes` an id is refused, and published again by the sweeper once there is room. */
  discard: DiscardPolicy.New,
  max_bytes: 256 * 1024 ** 2,
  /** Longer than the sweeper waits before it publishes an id again. */
  duplicate_window: nanos(120_000),
};

/** A worker asks for the job within moments; then its message is done, and the job's lease takes over. */
const ACK_WAIT_MS = 30_000;

/** Makes the stream of jobs where it is missing. @returns what the server knows of it, such as when it was made. */
export function ensureJobsStream(manager: JetStreamManager): Promise<StreamInfo> {
  return ensureStream(manager, STREAM);
}

/** Makes, where it is missing, the one durable consumer that all workers of a service and class share. */
export function ensureJobsConsumer(
  manager: JetStreamManager,
  jobClass: string,
  service: string,
): Promise<Consumer> {
  return ensureConsumer(manager, JOBS_STREAM.name, {
    durable_name: `${jobClass}-${service}`,
    filter_subject: jobSubject(jobClass, service),
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: -1,
  });
}
