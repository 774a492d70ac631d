import {
  JetStreamApiCodes,
  JetStreamApiError,
  type Consumer,
  type ConsumerConfig,
  type ConsumerUpdateConfig,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';

/** Makes a stream where it is missing. @returns what the server knows of it, such as when it was made. */
export async function ensureStream(
  manager: JetStreamManager,
  stream: Partial<StreamConfig> & Pick<StreamConfig, 'name'>,
): Promise<StreamInfo> {
  const found = await unlessMissing(manager.streams.info(stream.name), JetStreamApiCodes.StreamNotFound);
  return found ?? manager.streams.add(stream);
}

/**
 * Makes a durable consumer where it is missing.
 *
 * @param changes What one that is there is given of this code; nothing, unless told otherwise.
 */
export async function ensureConsumer(
  manager: JetStreamManager,
  stream: string,
  consumer: Partial<ConsumerConfig> & { readonly durable_name: string },
  changes?: Partial<ConsumerUpdateConfig>,
): Promise<Consumer> {
  const name = consumer.durable_name;
  const found = await unlessMissing(manager.consumers.info(stream, name), JetStreamApiCodes.ConsumerNotFound);
  if (found === undefined) await manager.consumers.add(stream, consumer);
  else if (changes !== undefined) await manager.consumers.update(stream, name, changes);
  return manager.jetstream().consumers.get(stream, name);
}

/** What was asked for; `undefined` when the server says by that code that there is none. */
export async function unlessMissing<Result>(
  asked: Promise<Result>,
  code: JetStreamApiCodes,
): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === code) return undefined;
    throw error;
  }
}
