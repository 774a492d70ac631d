import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeImage } from './decode-image.js';
import { paint } from './painting.fixture.js';

const SIZE = { width: 320, height: 200, channels: 3 } as const;
let jpeg: Buffer;
let png: Buffer;

beforeAll(async () => {
  const raw = { raw: SIZE };
  jpeg = await sharp(paint(320, 200).data, raw).jpeg({ quality: 90 }).toBuffer();
  png = await sharp(paint(320, 200).data, raw).png().toBuffer();
});

/** A PNG header that promises pixels which the file does not hold. */
function bomb(width: number, height: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

describe('decodeImage refuses', () => {
  it.each([
    ['no bytes', () => Buffer.alloc(0), 'not_an_image'],
    ['text', () => Buffer.from('Dear Sir or Madam,'), 'not_an_image'],
    ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'unsupported_image'],
    ['an SVG with a prologue', () => Buffer.from('<?xml version="1.0"?>\n<svg/>'), 'unsupported_image'],
    ['a GIF', () => Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1'), 'unsupported_image'],
    ['a TIFF', () => Buffer.from('II*\0\x08\0\0\0', 'latin1'), 'unsupported_image'],
    ['a HEIC', () => Buffer.from('\0\0\0\x18ftypheic', 'latin1'), 'unsupported_image'],
    ['half a JPEG', () => jpeg.subarray(0, jpeg.length / 2), 'damaged_image'],
    ['half a PNG', () => png.subarray(0, png.length / 2), 'damaged_image'],
    ['the first bytes of a JPEG', () => jpeg.subarray(0, 20), 'damaged_image'],
    ['an SVG under the signature of a PNG', () => signed('<svg/>'), 'damaged_image'],
    ['a bomb', () => bomb(30_000, 30_000), 'too_many_pixels'],
    ['a bomb of long lines', () => bomb(900_000, 100), 'too_many_pixels'],
  ])('%s', async (_, bytes, code) => {
    await expect(decodeImage(bytes())).rejects.toMatchObject({ name: 'ImageError', code });
  });

  it('calls what it was sent by its name', async () => {
    await expect(decodeImage(Buffer.from('GIF89a'))).rejects.toThrow(
      'This is a GIF: send a JPEG, PNG or WebP.',
    );
  });

  const signed = (text: string) => Buffer.concat([png.subarray(0, 8), Buffer.from(text)]);
});

describe('decodeImage', () => {
  it('says when the decoder complained', async () => {
    const broken = Buffer.from(jpeg);
    broken.set(
      Uint8Array.from({ length: 200 }, (_, index) => index * 7),
      10_000,
    );
    expect(await decodeImage(broken)).toMatchObject({ isDamaged: true, width: 320, height: 200 });
    expect(await decodeImage(jpeg)).toMatchObject({ isDamaged: false });
  });

  it('does not mind what follows a picture', async () => {
    const image = await decodeImage(Buffer.concat([jpeg, Buffer.from('trailer')]));
    expect(image.isDamaged).toBe(false);
  });

  it('makes a large picture smaller while it decodes it, and keeps its real size', async () => {
    const image = await decodeImage(jpeg, { maxSide: 100 });
    expect(image).toMatchObject({ width: 320, height: 200 });
    expect(image.pixels.shape).toEqual([63, 100, 3]);
  });

  it('decodes large pictures one after the other, and drops one that nobody waits for any more', async () => {
    const large = { create: { width: 4_100, height: 4_000, channels: 3 as const, background: 'red' } };
    const file = await sharp(large).png({ compressionLevel: 1 }).toBuffer();
    const order: number[] = [];
    const gone = AbortSignal.abort(new Error('gone'));
    const read = async (index: number, signal?: AbortSignal) => {
      const image = await decodeImage(file, { maxSide: 50, ...(signal && { signal }) });
      order.push(index);
      return [...image.pixels.data.subarray(0, 3)];
    };
    const { signal } = new AbortController();
    // It is looked at when a picture's turn has come.
    const firstTurn = new Promise<void>((resolve) => {
      signal.throwIfAborted = () => resolve();
    });
    const first = read(0, signal);
    await firstTurn;
    const results = await Promise.allSettled([first, read(1, gone), read(2)]);
    expect(results).toMatchObject([
      { value: [255, 0, 0] },
      { reason: { message: 'gone' } },
      { value: [255, 0, 0] },
    ]);
    expect(order).toEqual([0, 2]);
  });

  it('reads a picture of one pixel', async () => {
    const dot = await sharp(Uint8Array.of(9, 8, 7), { raw: { width: 1, height: 1, channels: 3 } }).png();
    const { pixels } = await decodeImage(await dot.toBuffer());
    expect([...pixels.data]).toEqual([9, 8, 7]);
  });
});
