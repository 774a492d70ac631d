import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { decodeDicom } from './decode-dicom.js';
import { dicomFile, type DicomFixture } from './dicom.fixture.js';

const RLE = '1.2.840.10008.1.2.5';
const JPEG = '1.2.840.10008.1.2.4.50';
const JPEG_2000 = '1.2.840.10008.1.2.4.90';
const DEFLATED = '1.2.840.10008.1.2.1.99';

/** SOC and SIZ of a JPEG 2000 of `width` x `height` pixels of 12 bits, and nothing behind them. */
function jpeg2000Head(width: number, height: number): Buffer {
  const head = Buffer.alloc(64);
  head.writeUInt32BE(0xff4fff51);
  head.writeUInt16BE(41, 4);
  for (const [offset, value] of [
    [8, width],
    [12, height],
    [24, width],
    [28, height],
  ] as const) {
    head.writeUInt32BE(value, offset);
  }
  head.writeUInt16BE(1, 40);
  head.set([11, 1, 1], 42);
  return head;
}

function fragment(transferSyntax: string, ...parts: Uint8Array[]): DicomFixture {
  return { transferSyntax, elements: { '7fe00010': ['OB', parts] } };
}

/** An RLE frame whose header says `offsets`. */
function rle(offsets: readonly number[], content: readonly number[]): Buffer {
  const header = Buffer.alloc(64);
  [offsets.length, ...offsets].forEach((value, index) => header.writeUInt32LE(value, 4 * index));
  return Buffer.concat([header, Buffer.from(content)]);
}

describe('decodeDicom refuses', () => {
  it.each<[string, Uint8Array, string]>([
    ['no bytes', Buffer.alloc(0), 'not_dicom'],
    ['text', Buffer.from('Dear Sir or Madam,'.repeat(20)), 'not_dicom'],
    ['a preamble alone', dicomFile().subarray(0, 132), 'damaged_dicom'],
    ['half a header', dicomFile().subarray(0, 150), 'damaged_dicom'],
    ['a file cut in its elements', dicomFile().subarray(0, 200), 'damaged_dicom'],
    ['a file cut in its pixels', dicomFile().subarray(0, -5), 'damaged_dicom'],
    [
      'fewer pixels than rows and columns',
      dicomFile({ elements: { '00280010': ['US', 4] } }),
      'damaged_dicom',
    ],
    ['a high bit outside of its word', dicomFile({ elements: { '00280102': ['US', 16] } }), 'damaged_dicom'],
    [
      'more bits stored than below the high bit',
      dicomFile({ elements: { '00280101': ['US', 13] } }),
      'damaged_dicom',
    ],
    ['no pixels', dicomFile({ elements: { '7fe00010': undefined } }), 'no_pixels'],
    ['no rows', dicomFile({ elements: { '00280010': undefined } }), 'no_pixels'],
    [
      'floating-point pixels',
      dicomFile({ elements: { '7fe00010': undefined, '7fe00008': ['OF', Buffer.alloc(48)] } }),
      'unsupported_pixels',
    ],
    [
      'colour',
      dicomFile({ elements: { '00280002': ['US', 3], '00280004': ['CS', 'RGB'] } }),
      'unsupported_pixels',
    ],
    ['a palette', dicomFile({ elements: { '00280004': ['CS', 'PALETTE COLOR'] } }), 'unsupported_pixels'],
    ['32 bits', dicomFile({ elements: { '00280100': ['US', 32] } }), 'unsupported_pixels'],
    [
      'an encapsulated picture in a native syntax',
      dicomFile(fragment('1.2.840.10008.1.2.1')),
      'damaged_dicom',
    ],
    ['a native picture in an encapsulated syntax', dicomFile({ transferSyntax: RLE }), 'damaged_dicom'],
    ['an encapsulated picture without a fragment', dicomFile(fragment(RLE)), 'damaged_dicom'],
    ['RLE without a header', dicomFile(fragment(RLE, Buffer.alloc(10))), 'damaged_dicom'],
    ['RLE of one segment for two bytes', dicomFile(fragment(RLE, rle([64], [245, 1]))), 'damaged_dicom'],
    ['RLE with a segment past the end', dicomFile(fragment(RLE, rle([64, 999], [245, 1]))), 'damaged_dicom'],
    ['RLE that ends too early', dicomFile(fragment(RLE, rle([64, 66], [245, 1, 250, 1]))), 'damaged_dicom'],
    ['noise as JPEG', dicomFile(fragment(JPEG, Buffer.alloc(100, 7))), 'damaged_dicom'],
    ['noise as JPEG 2000', dicomFile(fragment(JPEG_2000, Buffer.alloc(100, 7))), 'damaged_dicom'],
    ['a JPEG 2000 without pixels', dicomFile(fragment(JPEG_2000, jpeg2000Head(4, 3))), 'damaged_dicom'],
    [
      'a JPEG 2000 of another size',
      dicomFile(fragment(JPEG_2000, jpeg2000Head(60_000, 60_000))),
      'damaged_dicom',
    ],
    ['noise that is not deflated', dicomFile({ transferSyntax: DEFLATED }), 'damaged_dicom'],
    [
      'a picture of 4 thousand million pixels',
      dicomFile({ elements: { '00280010': ['US', 65_535], '00280011': ['US', 65_535] } }),
      'too_many_pixels',
    ],
  ])('%s', async (_, file, code) => {
    await expect(decodeDicom(file)).rejects.toMatchObject({ name: 'DicomError', code });
  });

  it('a deflated file that grows without end', async () => {
    const elements = { '7fe00010': ['OW', Buffer.alloc(50_000_000)] } as const;
    const bomb = dicomFile({ transferSyntax: DEFLATED, elements, isDeflated: true });
    expect(bomb.length).toBeLessThan(1_000_000);
    await expect(decodeDicom(bomb, { maxPixels: 1_000_000 })).rejects.toThrow('grows past 4 megabytes');
  });

  it('a JPEG of another size than the file says', async () => {
    const create = { width: 8, height: 8, channels: 3, background: '#888888' } as const;
    const jpeg = await sharp({ create }).toColourspace('b-w').jpeg().toBuffer();
    await expect(decodeDicom(dicomFile(fragment(JPEG, jpeg)))).rejects.toMatchObject({
      code: 'damaged_dicom',
    });
  });

  it.each([
    ['1.2.840.10008.1.2.4.70', 'JPEG Lossless, First-Order Prediction (1.2.840.10008.1.2.4.70)'],
    ['1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless (1.2.840.10008.1.2.4.80)'],
    ['1.2.3.4', 'The transfer syntax 1.2.3.4 is not read'],
    ['<script>', 'The transfer syntax unknown is not read'],
  ])('the transfer syntax %s by its name', async (transferSyntax, message) => {
    const refused = decodeDicom(dicomFile({ transferSyntax }));
    await expect(refused).rejects.toMatchObject({ code: 'unsupported_transfer_syntax' });
    await expect(refused).rejects.toThrow(message);
  });
});

describe('decodeDicom', () => {
  it('spreads the values over 0 to 1 where the file has no window', async () => {
    const { pixels, scaling } = await decodeDicom(dicomFile());
    expect(scaling).toBe('value-range');
    expect([...pixels.data]).toEqual(Array.from({ length: 12 }, (_, index) => Math.fround(index / 11)));
  });

  it('reads one shade as black', async () => {
    const { pixels } = await decodeDicom(
      dicomFile({ elements: { '7fe00010': ['OW', Buffer.alloc(24, 5)] } }),
    );
    expect([...pixels.data]).toEqual(new Array(12).fill(0));
  });

  it('leaves bits outside of the stored ones alone', async () => {
    const words = Uint16Array.from({ length: 12 }, (_, index) => 0xf000 | (index * 100));
    const file = dicomFile({ elements: { '7fe00010': ['OW', new Uint8Array(words.buffer)] } });
    expect((await decodeDicom(file)).pixels).toEqual((await decodeDicom(dicomFile())).pixels);
  });

  it('reads values that lie in the upper bits', async () => {
    const words = Uint16Array.from({ length: 12 }, (_, index) => (index * 100) << 4);
    const elements = { '00280102': ['US', 15], '7fe00010': ['OW', new Uint8Array(words.buffer)] } as const;
    expect((await decodeDicom(dicomFile({ elements }))).pixels).toEqual(
      (await decodeDicom(dicomFile())).pixels,
    );
  });

  it('takes a window without a width for none', async () => {
    const elements = { '00281050': ['DS', '40'], '00281051': ['DS', '0'] } as const;
    expect(await decodeDicom(dicomFile({ elements }))).toMatchObject({ scaling: 'value-range' });
  });

  it('takes the modalities that it is told to, and a file that names none', async () => {
    const read = (elements: DicomFixture['elements'] = {}, modalities = ['CR', 'DX']) =>
      decodeDicom(dicomFile({ elements }), { modalities });
    await expect(read()).resolves.toMatchObject({ modality: 'DX' });
    await expect(read({ '00080060': undefined })).resolves.not.toHaveProperty('modality');
    // Before its pixels are looked at, which a report has not.
    await expect(read({ '00080060': ['CS', 'SR'], '7fe00010': undefined })).rejects.toMatchObject({
      code: 'other_modality',
      message: "The file's modality is SR: what is taken is CR, DX.",
    });
  });

  it('says what the file says of itself, as far as it is a code', async () => {
    const named = { '00180015': ['CS', 'chest of Mrs. Doe'], '00185101': ['CS', 'PA'] } as const;
    const image = await decodeDicom(dicomFile({ elements: named }));
    expect(image).toMatchObject({
      modality: 'DX',
      viewPosition: 'PA',
      transferSyntax: { name: 'Explicit VR Little Endian' },
    });
    expect(image).not.toHaveProperty('bodyPart');
    expect(image.format).toEqual({
      rows: 3,
      columns: 4,
      photometricInterpretation: 'MONOCHROME2',
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      isSigned: false,
      frames: 1,
    });
  });
});
