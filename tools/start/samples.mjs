import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { readSampleFile } from './sample-files.mjs';

/** How long the first call of a cold model may take. */
const ANSWER_WITHIN_MS = 60_000;

/**
 * One real call and what the reference pipeline answered to it: `apps/<service>/samples/<name>.json`. `show` and
 * `pointer` are JSON pointers (RFC 6901) into the answer; `reference` says how the expected values were made.
 *
 * @typedef {{ pointer: string, value: unknown, tolerance?: number }} Expectation
 * @typedef {{
 *   operation: string, title: string,
 *   request: { method: string, path: string, json?: unknown, file?: import('./sample-files.mjs').SampleFile },
 *   show: string | string[], expect: Expectation[], reference: string,
 * }} Sample
 *
 * `problems` is empty when the answer is right; `serverTiming` is the answer's header, empty where there was none.
 * @typedef {{
 *   service: string, sample: string, answer: string, model: string, ms: string, serverTiming: string, problems: string[],
 * }} SampleResult
 */

/**
 * Where to send samples, by which key, and where the files are that some of them send.
 *
 * @typedef {{ url: string, apiKey: string, cacheFolder: string }} SampleTarget
 */

/** @returns {Promise<import('./sample-files.mjs').SampleFile[]>} what the samples of these apps send as a file */
export async function findSampleFiles(/** @type {Iterable<import('./apps.mjs').App>} */ apps) {
  const samples = await Promise.all([...apps].map(({ folder }) => readSamples(join(folder, 'samples'))));
  return samples.flat().flatMap(({ request }) => request.file ?? []);
}

/** @type {Omit<SampleResult, 'service'>} of a service without a sample */
const NO_RESULT = { sample: '-', answer: '-', model: '-', ms: '-', serverTiming: '', problems: [] };

/**
 * Sends the samples of these services through the public API, one after the other.
 *
 * @param {Iterable<import('./apps.mjs').App>} apps
 * @param {SampleTarget} target
 * @returns {Promise<SampleResult[]>}
 */
export async function sendSamples(apps, target) {
  /** @type {SampleResult[]} */
  const results = [];
  for (const { name, folder } of apps) {
    const samples = await readSamples(join(folder, 'samples'));
    if (samples.length === 0) results.push({ ...NO_RESULT, service: name });
    for (const sample of samples) results.push(await sendSample(name, sample, target));
  }
  return results;
}

/**
 * Lays what each sample sends into a folder, as `<service>/<operation>.json` or with the ending of its file, for whoever
 * makes a first call by hand.
 *
 * @param {Iterable<import('./apps.mjs').App>} apps
 * @param {{ folder: string, cacheFolder: string }} places
 */
export async function layOutSamples(apps, { folder, cacheFolder }) {
  for (const app of apps) {
    for (const { operation, request } of await readSamples(join(app.folder, 'samples'))) {
      const { bytes } = await requestBody(request, cacheFolder);
      const ending = request.file ? extname(request.file.source) : '.json';
      await mkdir(join(folder, app.name), { recursive: true });
      await writeFile(join(folder, app.name, `${operation}${ending}`), bytes);
    }
  }
}

/** @returns {Promise<Sample[]>} none when there is no such folder */
async function readSamples(/** @type {string} */ folder) {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8'))));
}

/**
 * @param {string} service
 * @param {Sample} sample
 * @param {SampleTarget} target
 * @returns {Promise<SampleResult>}
 */
async function sendSample(service, { title, request, show, expect }, { url, apiKey, cacheFolder }) {
  const row = { ...NO_RESULT, service, sample: title };
  try {
    const { type, bytes } = await requestBody(request, cacheFolder);
    const startedAt = performance.now();
    const response = await fetch(url + request.path, {
      method: request.method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': type },
      body: bytes,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const body = /** @type {Record<string, any>} */ (await response.json());
    const ms = (performance.now() - startedAt).toFixed(0);
    if (!response.ok) {
      const problem = `${response.status} ${body.code}: ${body.detail ?? body.title}`;
      return { ...row, answer: String(body.code), ms, problems: [problem] };
    }
    return {
      ...row,
      answer: [show]
        .flat()
        .map((pointer) => display(readPointer(body, pointer)))
        .join(', '),
      model: body.model ? `${body.model.id}@${body.model.version}` : '-',
      ms,
      serverTiming: response.headers.get('server-timing') ?? '',
      problems: compare(body, expect),
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...row, answer: 'none', problems: [problem] };
  }
}

/** JSON, or a file as it is. */
async function requestBody(
  /** @type {Sample['request']} */ { json, file },
  /** @type {string} */ cacheFolder,
) {
  if (!file) return { type: 'application/json', bytes: JSON.stringify(json) };
  return { type: file.type, bytes: await readSampleFile(file, cacheFolder) };
}

/**
 * What differs from the reference's answer by more than its tolerance.
 *
 * @param {unknown} answer
 * @param {Expectation[]} expectations
 * @returns {string[]} one sentence each
 */
export function compare(answer, expectations) {
  return expectations.flatMap(({ pointer, value, tolerance = 0 }) => {
    const actual = readPointer(answer, pointer);
    const isNear =
      typeof actual === 'number' && typeof value === 'number' && Math.abs(actual - value) <= tolerance;
    if (isNear || JSON.stringify(actual) === JSON.stringify(value)) return [];
    const margin = tolerance ? ` ± ${tolerance}` : '';
    return [`${pointer} is ${JSON.stringify(actual)}, and should be ${JSON.stringify(value)}${margin}`];
  });
}

/**
 * Follows a JSON pointer.
 *
 * @source RFC 6901
 */
export function readPointer(/** @type {unknown} */ document, /** @type {string} */ pointer) {
  const steps = pointer.split('/').slice(1);
  return steps.reduce((/** @type {any} */ value, step) => {
    return value?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }, document);
}

function display(/** @type {unknown} */ value) {
  if (typeof value === 'number') return String(Number(value.toPrecision(3)));
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}
