/**
 * Measures speech-to-text on recordings that are no part of the repository, and prints what the model card says.
 *
 * Usage: npm run build && GANGLION_DATA=<folder> node tools/training/transcribe/evaluate.mjs
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTranscriber } from './open-transcriber.mjs';
import { countWordErrors, toWords } from './word-errors.mjs';

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const SAMPLE_RATE_HZ = 16_000;

const { GANGLION_DATA } = process.env;
if (!GANGLION_DATA) throw new Error('Set GANGLION_DATA to the folder with the data (speech/sentences, …).');
const speech = join(GANGLION_DATA, 'speech');
const transcriber = await openTranscriber();

/** @typedef {{ name: string, said: string, bytes: Uint8Array }} Recording */

/**
 * @param {string} title
 * @param {Recording[]} recordings
 * @param {{ isOpenEnded?: boolean }} options Whether transcripts cover only the first words of their recordings.
 */
async function measureWordErrors(title, recordings, { isOpenEnded = false } = {}) {
  const sum = { errors: 0, words: 0, audioSeconds: 0, computeSeconds: 0 };
  for (const { name, said, bytes } of recordings) {
    const startedAt = performance.now();
    const { text, seconds } = await transcriber.transcribe(bytes);
    sum.computeSeconds += (performance.now() - startedAt) / 1_000;
    sum.audioSeconds += seconds;
    // The model writes some numbers as figures.
    const spelled = text.replace(/\b\d\b/g, (digit) => String(DIGITS[Number(digit)]));
    const { errors, words } = countWordErrors(said, isOpenEnded ? firstWords(spelled, said) : spelled);
    if (errors > 0 && recordings.length < 10) console.log(`  ${name}: ${text}`);
    sum.errors += errors;
    sum.words += words;
  }
  const rate = ((100 * sum.errors) / sum.words).toFixed(1);
  const realTime = (sum.computeSeconds / sum.audioSeconds).toFixed(3);
  console.log(
    `${title}: ${sum.errors} of ${sum.words} words wrong (${rate} %), real-time factor ${realTime}`,
  );
}

/** As many words as were written down of what was said. @param {string} heard @param {string} said */
function firstWords(heard, said) {
  return toWords(heard).slice(0, toWords(said).length).join(' ');
}

/** @param {string} title @param {Uint8Array} bytes */
async function expectNoWords(title, bytes) {
  const { text, seconds } = await transcriber.transcribe(bytes);
  console.log(`${title} (${seconds} s): ${toWords(text).length} words${text && ` "${text}"`}`);
}

/** PCM of 16 bits. @param {number} seconds @param {() => number} sample */
function wav(seconds, sample) {
  const bytes = Buffer.alloc(44 + 2 * seconds * SAMPLE_RATE_HZ);
  bytes.write('RIFF', 0, 'latin1');
  bytes.write('WAVEfmt ', 8, 'latin1');
  for (const [offset, value] of [
    [16, 16],
    [20, 0x10001],
    [24, SAMPLE_RATE_HZ],
    [28, 2 * SAMPLE_RATE_HZ],
    [32, 0x100002],
  ])
    bytes.writeUInt32LE(Number(value), Number(offset));
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(bytes.length - 44, 40);
  for (let offset = 44; offset < bytes.length; offset += 2)
    bytes.writeInt16LE(Math.round(sample() * 32_767), offset);
  return bytes;
}

const sentences = JSON.parse(await readFile(join(speech, 'sentences', 'sentences.json'), 'utf8'));
await transcriber.transcribe(wav(1, () => 0));
await measureWordErrors(
  'speech/sentences',
  await Promise.all(
    Object.entries(sentences).map(async ([name, { text }]) => {
      return { name, said: text, bytes: await readFile(join(speech, 'sentences', `${name}.wav`)) };
    }),
  ),
);
await measureWordErrors(
  'speech/clips',
  await Promise.all(
    ['beckett', 'two_cities_16k'].map(async (name) => {
      const said = await readFile(join(speech, 'clips', `${name}.txt`), 'utf8');
      return { name, said, bytes: await readFile(join(speech, 'clips', `${name}.wav`)) };
    }),
  ),
  { isOpenEnded: true },
);
const digits = (await readdir(join(speech, 'spoken-digits')))
  .filter((name) => /_[0-4]\.wav$/.test(name))
  .sort();
await measureWordErrors(
  'speech/spoken-digits, takes 0 to 4',
  await Promise.all(
    digits.map(async (name) => {
      const bytes = await readFile(join(speech, 'spoken-digits', name));
      return { name, said: String(DIGITS[Number(name[0])]), bytes };
    }),
  ),
);
for (const name of ['noise1.wav', 'noise2.wav']) {
  await expectNoWords(`speech/noise/${name}`, await readFile(join(speech, 'noise', name)));
}
await expectNoWords(
  'digital silence',
  wav(30, () => 0),
);
let seed = 1;
await expectNoWords(
  'white noise at -20 dB',
  wav(30, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return 0.1 * (seed / 2 ** 31 - 1);
  }),
);
process.exit();
