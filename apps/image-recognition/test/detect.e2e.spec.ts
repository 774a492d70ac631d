import { crc32 } from 'node:zlib';
import type { Answer, Answers } from '@ganglion/contracts/answer';
import type { OutputOf } from '@ganglion/contracts/capability';
import { detect, imageErrors } from '@ganglion/contracts/services/image-recognition/detect';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { refusalOf, startServers, testService, type TestServers, type TestService } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DetectHandler } from '../src/detect/detect.handler.js';
import { STREET, streetWithStopSign } from './street.fixture.js';

type Detected = Answer<OutputOf<typeof detect>>;

let servers: TestServers;
let service: TestService;
let jpeg: Buffer;

beforeAll(async () => {
  servers = await startServers();
  service = await testService({
    name: 'image-recognition',
    imports: [ModelModule.of(new URL('..', import.meta.url), process.env)],
    controllers: [DetectHandler],
    // No control plane takes the ledger's events here: the service need not wait for it in the end.
    environment: { ...servers.environment, GANGLION_DRAIN_MS: '200' },
  });
  jpeg = await streetWithStopSign().jpeg({ quality: 95 }).toBuffer();
}, 30_000);

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

const call = async (bytes: Uint8Array, options: object = {}): Promise<Detected> =>
  (await service.call(detect, { image: { type: 'image/jpeg', bytes }, ...options })) as unknown as Detected;

function expectSign({ output }: Detected, tolerance = 6): void {
  const [first] = output.objects;
  expect(first?.label).toBe('stop sign');
  for (const side of ['x', 'y', 'width', 'height'] as const) {
    expect(Math.abs((first?.box[side] ?? NaN) - STREET.sign[side])).toBeLessThan(tolerance);
  }
}

describe('detect', () => {
  it('finds what a JPEG, a PNG and a WebP show, and where', async () => {
    const files = [
      jpeg,
      await streetWithStopSign().png().toBuffer(),
      await streetWithStopSign().webp().toBuffer(),
    ];
    for (const file of files) {
      const answer = await call(file);
      expectSign(answer);
      expect(answer.model).toEqual({ id: 'nanodet-g', version: '1.0.0' });
      expect(answer.output.image).toEqual({ width: STREET.width, height: STREET.height });
      expect(answer.warnings).toEqual([
        'The picture was resized from 360 x 300 to 416 x 347 pixels for the model.',
      ]);
    }
  });

  it('gives boxes of the upright picture, however it is stored', async () => {
    // Stored lying on its left side; orientation 6 turns it clockwise.
    const lying = await streetWithStopSign().rotate(-90).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const answer = await call(lying);
    expectSign(answer);
    expect(answer.output.image).toEqual({ width: STREET.width, height: STREET.height });
    expect(answer.warnings[0]).toContain('turned by 90 degrees clockwise');
  });

  it('finds the same thing in a large picture', async () => {
    const scale = 8;
    const large = await streetWithStopSign()
      .resize(STREET.width * scale)
      .jpeg()
      .toBuffer();
    const { output } = await call(large);
    expect(output.image).toEqual({ width: STREET.width * scale, height: STREET.height * scale });
    const [first] = output.objects;
    expect(first?.label).toBe('stop sign');
    expect((first?.box.x ?? 0) / scale).toBeCloseTo(STREET.sign.x, -1);
  });

  it('keeps to the labels, the score and the number that are asked for', async () => {
    expect((await call(jpeg, { labels: ['dog'], minScore: 0.3 })).output.objects).toEqual([]);
    expect((await call(jpeg, { labels: ['stop sign'] })).output.objects).toHaveLength(1);
    expect((await call(jpeg, { minScore: 0.01, maxObjects: 3 })).output.objects).toHaveLength(3);
  });

  it('answers many pictures in order, and a broken one spoils none', async () => {
    const image = (bytes: Uint8Array) => ({ image: { type: 'image/jpeg', bytes } });
    const inputs = [image(jpeg), image(jpeg.subarray(0, 2_000)), image(jpeg)];
    const { results } = (await service.call(detect, { inputs } as never)) as unknown as Answers;
    expect(results).toMatchObject([
      { output: { objects: [{ label: 'stop sign' }] } },
      { error: { code: 'image-recognition.damaged_image', status: 422 } },
      { output: { objects: [{ label: 'stop sign' }] } },
    ]);
  });
});

describe('a picture that cannot be used', () => {
  const notSupported = { code: 'unsupported_media_type', status: 415 };
  const halfOfJpeg = async () => jpeg.subarray(0, jpeg.length / 2);
  const text = (content: string) => () => Promise.resolve(Buffer.from(content, 'latin1'));
  const sized = (width: number, height: number) => () =>
    streetWithStopSign().resize(width, height, { fit: 'fill' }).png().toBuffer();

  it.each([
    { what: 'no picture', file: text('Dear Sir or Madam,'), error: notSupported, says: 'JPEG, PNG or WebP' },
    { what: 'no bytes', file: text(''), error: { code: 'invalid_input', status: 422 }, says: 'empty' },
    {
      what: 'an SVG',
      file: text('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      error: notSupported,
      says: 'an SVG',
    },
    { what: 'a GIF', file: text('GIF89a\x01\0\x01\0\0\0\0;'), error: notSupported, says: 'a GIF' },
    { what: 'one pixel', file: sized(1, 1), error: imageErrors.image_too_small, says: '1 x 1' },
    { what: 'a line', file: sized(300, 2), error: imageErrors.image_too_small, says: 'at least 16 x 16' },
    { what: 'half a JPEG', file: halfOfJpeg, error: imageErrors.damaged_image, says: 'cut short' },
    { what: 'a bomb', file: bomb, error: imageErrors.too_many_pixels, says: '30000 x 30000' },
  ])('$what is refused', async ({ file, error: { code, status }, says }) => {
    const error = await refusalOf(call(await file()));
    expect(error.code).toBe(code);
    expect(error.spec.status).toBe(status);
    expect(error.message).toContain(says);
  });

  it('is told which labels there are when one is unknown', async () => {
    const error = await refusalOf(call(jpeg, { labels: ['dog', 'unicorn'] }));
    expect(error).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '/labels/1' }] });
    expect(error.message).toContain('teddy bear');
  });

  it('leaves the service at work', async () => {
    expectSign(await call(jpeg));
  });
});

/** A PNG whose header promises 900 million pixels. */
async function bomb(): Promise<Buffer> {
  const png = await streetWithStopSign().png().toBuffer();
  png.writeUInt32BE(30_000, 16);
  png.writeUInt32BE(30_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}
