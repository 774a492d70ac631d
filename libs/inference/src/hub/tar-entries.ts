import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Entry } from 'tar-stream';

/**
 * The most bytes that may lie between the contents of two files: names and attributes (PAX and GNU records), which are
 * kept in memory until they are whole. Real ones take a few hundred.
 */
const MOST_RECORD_BYTES = 1 << 20;

/**
 * The entries of a tar stream, one after the other; what the taker leaves of a content is passed over.
 *
 * @param streams From where the bytes come, such as a file and what unzips it.
 * @throws Error when it is damaged, ends early, holds records without end or a size that is none.
 */
export async function* tarEntries(...streams: [Readable, ...Transform[]]): AsyncGenerator<Entry> {
  const entries = extract();
  const records = new RecordMeter();
  // What fails on the way to the entries, they fail over.
  const feeding = pipeline([...streams, records, entries]).catch(() => {});
  try {
    for await (const entry of entries) {
      const { name, size } = entry.header;
      if (!Number.isSafeInteger(size) || (size as number) < 0)
        throw new Error(`${JSON.stringify(name)} has the size ${size}`);
      records.stop();
      entry.once('close', () => records.start());
      yield entry;
      entry.resume();
    }
  } finally {
    await feeding;
  }
}

/** Passes bytes on, and counts those that go by while no content does. */
class RecordMeter extends Transform {
  private bytes = 0;
  private isCounting = true;

  start(): void {
    this.bytes = 0;
    this.isCounting = true;
  }

  stop(): void {
    this.bytes = 0;
    this.isCounting = false;
  }

  override _transform(chunk: Uint8Array, _encoding: string, done: TransformCallback): void {
    if (this.isCounting) this.bytes += chunk.length;
    if (this.bytes <= MOST_RECORD_BYTES) return done(null, chunk);
    done(new Error(`more than ${MOST_RECORD_BYTES} bytes of names and attributes come before a file`));
  }
}
