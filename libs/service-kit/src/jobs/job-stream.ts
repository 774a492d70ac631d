import { JOBS_STREAM, jobSubject } from '@ganglion/contracts/wire';
import {
  AckPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type Consumer,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';

const STREAM = {
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
export async function ensureJobsStream(manager: JetStreamManager): Promise<StreamInfo> {
  try {
    return await manager.streams.info(JOBS_STREAM.name);
  } catch (error) {
    if (!isMissing(error, JetStreamApiCodes.StreamNotFound)) throw error;
    return manager.streams.add({ ...STREAM, name: JOBS_STREAM.name });
  }
}

/** Makes, where it is missing, the one durable consumer that all workers of a service and class share. */
export async function ensureJobsConsumer(
  manager: JetStreamManager,
  jobClass: string,
  service: string,
): Promise<Consumer> {
  const name = `${jobClass}-${service}`;
  try {
    await manager.consumers.info(JOBS_STREAM.name, name);
  } catch (error) {
    if (!isMissing(error, JetStreamApiCodes.ConsumerNotFound)) throw error;
    await manager.consumers.add(JOBS_STREAM.name, {
      durable_name: name,
      filter_subject: jobSubject(jobClass, service),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ACK_WAIT_MS),
      max_deliver: -1,
    });
  }
  return manager.jetstream().consumers.get(JOBS_STREAM.name, name);
}

function isMissing(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
