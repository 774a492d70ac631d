/**
 * What `helm test` runs: waits until every service that is expected is ready, then calls each operation. Ends with 1 when one does not answer.
 *
 * Usage: GANGLION_API_KEY=… node answers.mjs <url> [--seconds=600]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';

const [address, ...flags] = process.argv.slice(2);
const seconds = Number(flags.find((flag) => flag.startsWith('--seconds='))?.split('=')[1] ?? 600);
const headers = { authorization: `Bearer ${process.env.GANGLION_API_KEY}` };

const get = async (path) => {
  const response = await fetch(address + path, { headers, signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return response.json();
};

async function waitForServices() {
  let last = '';
  for (const since = Date.now(); Date.now() - since < seconds * 1_000; await sleep(2_000)) {
    try {
      const { ready, services } = await get('/v1/services');
      const now = services.map(({ service, state }) => `${service} ${state}`).join(', ');
      if (now !== last) console.log((last = now));
      if (ready) return;
    } catch (error) {
      if (String(error) !== last) console.log((last = String(error)));
    }
  }
  throw new Error(`Not every service was ready within ${seconds} s.`);
}

/**
 * A call of each operation: its example in JSON, or a picture or a sound made here. What of these a service refuses for its
 * content (4xx) was still answered by it.
 */
function callsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, methods]) => {
    const content = methods.post?.requestBody?.content ?? {};
    if (!path.startsWith('/v1/') || path.includes('{')) return [];
    const json = content['application/json'];
    const example = json?.example ?? Object.values(json?.examples ?? {})[0]?.value;
    if (example) return [{ path, type: 'application/json', body: JSON.stringify(example), mayRefuse: false }];
    const type = Object.keys(MADE).find((each) => each in content);
    return type ? [{ path, type, body: MADE[type](), mayRefuse: true }] : [];
  });
}

const MADE = { 'image/png': makePng, 'audio/wav': makeWav };

/** 64 x 64 grey pixels. @source https://www.w3.org/TR/png-3/#5Chunk-layout */
function makePng() {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const header = Buffer.from([0, 0, 0, 64, 0, 0, 0, 64, 8, 0, 0, 0, 0]);
  const rows = deflateSync(
    Buffer.concat(Array.from({ length: 64 }, () => Buffer.from([0, ...Array(64).fill(128)]))),
  );
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Node has its own from version 22 on. */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A second of a 440 Hz tone, 16 kHz, one channel of 16 bits. */
function makeWav() {
  const samples = Int16Array.from(
    { length: 16_000 },
    (_, i) => 8_000 * Math.sin((2 * Math.PI * 440 * i) / 16_000),
  );
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  for (const [value, at] of [
    [16, 16],
    [16_000, 24],
    [32_000, 28],
    [samples.byteLength, 40],
  ])
    header.writeUInt32LE(value, at);
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [2, 32],
    [16, 34],
  ])
    header.writeUInt16LE(value, at);
  header.write('data', 36);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

async function call({ path, type, body, mayRefuse }) {
  const response = await fetch(address + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': type },
    body,
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  const isAnswered = response.ok || (mayRefuse && response.status < 500);
  const detail = response.ok ? '' : `: ${text}`;
  console.log(`${isAnswered ? 'ok' : 'FAILED'}  ${response.status} ${path} (${type})${detail}`);
  return isAnswered;
}

try {
  await waitForServices();
  const answers = [];
  for (const each of callsOf(await get('/openapi.json'))) answers.push(await call(each));
  if (answers.length === 0) throw new Error('There is no operation to call.');
  if (answers.includes(false)) throw new Error(`${answers.filter((ok) => !ok).length} operations failed.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
