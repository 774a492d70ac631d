/**
 * Backs up every stream of a NATS server with its consumers into a folder, or makes them anew from it, by JetStream's own
 * snapshots; the server runs meanwhile. A stream that is there already is not restored over.
 *
 * Usage: GANGLION_NATS_URL=… GANGLION_NATS_TOKEN=… node infra/backup/jetstream.mjs backup|restore <folder>
 */
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';

const API = '$JS.API.STREAM';
const CHUNK_BYTES = 128 * 1024;
const TIMEOUT_MS = 30_000;

const [verb, folder] = process.argv.slice(2);
if (!['backup', 'restore'].includes(verb) || !folder)
  throw new Error('usage: jetstream.mjs backup|restore <folder>');
const nats = await connect({
  servers: (process.env.GANGLION_NATS_URL ?? 'nats://127.0.0.1:4222').split(','),
  ...(process.env.GANGLION_NATS_TOKEN && { token: process.env.GANGLION_NATS_TOKEN }),
});
try {
  if (verb === 'backup') await backup();
  else await restore();
} finally {
  await nats.close();
}

/** @throws Error with what JetStream says */
async function api(subject, body = {}) {
  const reply = await nats.request(`${API}.${subject}`, JSON.stringify(body), { timeout: TIMEOUT_MS });
  const answer = reply.json();
  if (answer.error) throw new Error(`${subject}: ${answer.error.description}`);
  return answer;
}

async function backup() {
  await mkdir(folder, { recursive: true });
  const { streams } = await api('NAMES');
  for (const name of streams ?? []) {
    const inbox = `_INBOX.backup.${process.pid}.${name}`;
    const chunks = nats.subscribe(inbox);
    const { config, state } = await api(`SNAPSHOT.${name}`, {
      deliver_subject: inbox,
      chunk_size: CHUNK_BYTES,
    });
    const file = await open(join(folder, `${name}.snapshot`), 'w');
    for await (const chunk of chunks) {
      if (chunk.data.length === 0) break;
      await file.write(chunk.data);
      // It sends more only when it is told that this arrived.
      chunk.respond();
    }
    await file.sync();
    await file.close();
    // Written last: a backup without it is not whole.
    await writeFile(join(folder, `${name}.json`), JSON.stringify({ config, state }));
    console.log(`${name}: ${state.messages} messages`);
  }
}

async function restore() {
  for (const file of (await readdir(folder)).filter((each) => each.endsWith('.json'))) {
    const name = file.slice(0, -'.json'.length);
    const description = JSON.parse(await readFile(join(folder, file), 'utf8'));
    const { deliver_subject: target } = await api(`RESTORE.${name}`, description);
    const snapshot = createReadStream(join(folder, `${name}.snapshot`), { highWaterMark: CHUNK_BYTES });
    for await (const chunk of snapshot) await nats.request(target, chunk, { timeout: TIMEOUT_MS });
    const done = (await nats.request(target, '', { timeout: TIMEOUT_MS })).json();
    if (done.error) throw new Error(`${name}: ${done.error.description}`);
    console.log(`${name}: ${done.state.messages} messages`);
  }
}
