/** The command as it is typed, against real processes: what is built, as `npm start` runs it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type TestStack } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streetWithStopSign } from '../../../apps/image-recognition/test/street.fixture.js';
import { score } from '../../contracts/src/services/fraud-detection/score.js';

const PROGRAM = join(import.meta.dirname, '..', 'bin', 'ganglion.mjs');

let stack: TestStack;
let folder: string;

beforeAll(async () => {
  stack = await startStack({ apps: { nlp: 1, 'image-recognition': 1, 'fraud-detection': 1 } });
  folder = await mkdtemp(join(tmpdir(), 'ganglion-cli-'));
  await mkdir(join(folder, '.ganglion'));
  await mkdir(join(folder, 'work'));
  await writeFile(
    join(folder, '.ganglion', 'endpoint.json'),
    JSON.stringify({ url: stack.url, apiKey: stack.apiKey }),
  );
  await writeFile(join(folder, 'work', 'street.png'), await streetWithStopSign().png().toBuffer());
  await writeFile(join(folder, 'work', 'broken.png'), 'no picture');
  await writeFile(join(folder, 'work', 'transaction.json'), JSON.stringify(score.examples[0]?.input));
}, 120_000);

afterAll(async () => {
  await stack?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs in a folder below that of the endpoint's file. */
async function ganglion(args: readonly string[], stdin: string | Buffer = ''): Promise<Ended> {
  const env = { PATH: process.env['PATH'] };
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: join(folder, 'work'), env });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  child.stdin.on('error', () => undefined).end(stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

const jsonLines = ({ stdout }: Ended): unknown[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('ganglion, answered', () => {
  it('reads a text, and prints what the API sent', async () => {
    const ended = await ganglion(['nlp', 'sentiment', 'The food was wonderful.']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines(ended)).toEqual([
      {
        id: expect.any(String),
        model: { id: 'minilm-sentiment', version: expect.any(String) },
        output: expect.objectContaining({ label: 'positive' }),
        warnings: [],
      },
    ]);
  });

  it('looks at pictures, with options, one answer each', async () => {
    const ended = await ganglion([
      'detect',
      'street.png',
      'street.png',
      '--labels',
      'stop sign',
      '--min-score',
      '0.3',
    ]);
    const one = { output: { objects: [expect.objectContaining({ label: 'stop sign' })] } };
    expect(ended.code).toBe(0);
    expect(jsonLines(ended)).toMatchObject([one, one]);
  });

  it('scores a file of JSON', async () => {
    const ended = await ganglion(['fraud-detection', 'score', 'transaction.json']);
    expect(jsonLines(ended)).toMatchObject([{ output: { probability: expect.closeTo(0.997, 2) } }]);
  });

  it('takes text, bytes and whole inputs from standard input', async () => {
    const picture = await streetWithStopSign().jpeg().toBuffer();
    const [text, bytes, whole] = await Promise.all([
      ganglion(['nlp', 'sentiment', '-'], 'Dreadful.\n'),
      ganglion(['image-recognition', 'detect', '-'], picture),
      ganglion(['nlp', 'sentiment', '--input', '-'], '{"inputs":[{"text":"Lovely."},{"text":""}]}'),
    ]);
    expect(jsonLines(text)).toMatchObject([{ output: { label: 'negative' } }]);
    expect(jsonLines(bytes)).toMatchObject([{ output: { image: { width: 360, height: 300 } } }]);
    expect(jsonLines(whole)).toMatchObject([
      { output: { label: 'positive' } },
      { error: { code: 'invalid_input' } },
    ]);
    expect(whole.code).toBe(1);
  });

  it('administers: keys, and the record of an answer', async () => {
    const made = jsonLines(await ganglion(['keys', 'create', 'ci', '--scopes', 'nlp:sentiment']));
    const { id, key } = made[0] as { id: string; key: string };
    expect(await ganglion(['nlp', 'sentiment', 'Fine.', '--key', key])).toMatchObject({ code: 0 });
    const refused = await ganglion(['detect', 'street.png', '--key', key]);
    expect(refused).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/^forbidden: .+\(request /),
    });
    expect(jsonLines(await ganglion(['keys', 'revoke', id]))).toMatchObject([
      { id, revokedAt: expect.any(String) },
    ]);
    const [answer] = jsonLines(await ganglion(['fraud-detection', 'score', 'transaction.json']));
    const recorded = await ganglion(['predictions', 'get', (answer as { id: string }).id]);
    expect(jsonLines(recorded)).toMatchObject([{ service: 'fraud-detection', operation: 'score' }]);
  });

  it('tells what runs, and what an operation takes', async () => {
    const services = jsonLines(await ganglion(['services']));
    expect(services).toContainEqual(expect.objectContaining({ service: 'nlp', state: 'ready' }));
    expect((await ganglion(['image-recognition', '--help'])).stdout).toContain(
      '  detect  Finds everyday objects',
    );
    expect((await ganglion(['detect', '--help'])).stdout).toMatch(
      /--min-score +a number from 0\.01 to 1 \(0\.4\)/,
    );
  });

  it('bears a reader that goes away', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'nlp', 'sentiment', 'a', 'b', 'c'], {
      cwd: join(folder, 'work'),
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).toBe('');
  });
});

describe('ganglion, refused', () => {
  it.each([
    [
      'a wrong key',
      ['nlp', 'sentiment', 'a', '--key', 'gk_live_wrong'],
      4,
      /^unauthenticated: .+\(request \S+\)\n$/,
    ],
    [
      'no server',
      ['services', '--url', 'http://127.0.0.1:1', '--key', 'k'],
      3,
      /^network: http:.+cannot be reached/,
    ],
    [
      'an unknown service',
      ['imge-recognition', 'detect', 'x'],
      2,
      /"imge-recognition"\. Did you mean image-recognition\?/,
    ],
    [
      'an unknown operation',
      ['nlp', 'sentimnt', 'x'],
      2,
      /no operation "sentimnt"\. Did you mean sentiment\?/,
    ],
    [
      'an unknown option',
      ['detect', 'street.png', '--min-scor', '1'],
      2,
      /Did you mean --min-score\? Taken are: --image/,
    ],
    ['a missing file', ['detect', 'no.png'], 2, /^ganglion: there is no file no\.png\.\n$/],
    ['a bad file', ['detect', 'broken.png'], 1, /^unsupported_media_type: These bytes are no picture/],
    [
      'a value out of range',
      ['detect', 'street.png', '--min-score', '7'],
      1,
      /^invalid_input: \/minScore must be <= 1/,
    ],
    ['no arguments', [], 2, /^ganglion <service> <operation>/],
  ])('%s', async (_what, args, code, message) => {
    expect(await ganglion(args)).toEqual({ code, stdout: '', stderr: expect.stringMatching(message) });
  });

  it('one of several: the others are answered, in their places', async () => {
    const ended = await ganglion(['detect', 'broken.png', 'street.png']);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^broken\.png: unsupported_media_type: /),
    });
    expect(jsonLines(ended)).toMatchObject([{ error: { code: 'unsupported_media_type' } }, { output: {} }]);
  });

  it('never with a key in what it says', async () => {
    for (const args of [
      ['nlp', 'sentiment', 'a', '--key', 'gk_live_secret'],
      ['--key', 'gk_live_secret', '--nope'],
    ]) {
      const { stdout, stderr } = await ganglion(args);
      expect(stdout + stderr).not.toContain('gk_live_secret');
    }
  });
});
