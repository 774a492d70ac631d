import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeDicom } from './decode-dicom.js';

interface Case {
  name: string;
  /** Base64 of the DICOM file. */
  file: string;
  rows: number;
  columns: number;
  transferSyntax: string;
  scaling: string;
  /** Base64 of little-endian float32, 0 to 1. */
  pixels: string;
  /** The most that a value may differ. */
  tolerance: number;
}

const golden = JSON.parse(readFileSync(new URL('golden/decode-dicom.json', import.meta.url), 'utf8')) as {
  reference: string;
  cases: Case[];
};

describe(`decodeDicom gives the grey of ${golden.reference}`, () => {
  it.each(golden.cases)('of $name', async (expected) => {
    const { rows, columns, scaling } = expected;
    const image = await decodeDicom(Buffer.from(expected.file, 'base64'));
    expect(image).toMatchObject({ scaling, modality: 'DX', bodyPart: 'CHEST', format: { rows, columns } });
    expect(image.transferSyntax.uid).toBe(expected.transferSyntax);
    expect(image.pixels.shape).toEqual([rows, columns]);
    const reference = Buffer.from(expected.pixels, 'base64');
    const differences = image.pixels.data.map((value, index) =>
      Math.abs(value - reference.readFloatLE(4 * index)),
    );
    expect(Math.max(...differences)).toBeLessThanOrEqual(expected.tolerance);
  });
});

describe('decodeDicom refuses half a file', () => {
  it.each(golden.cases)('of $name', async ({ file }) => {
    const bytes = Buffer.from(file, 'base64');
    const half = bytes.subarray(0, bytes.length / 2);
    await expect(decodeDicom(half)).rejects.toMatchObject({ code: 'damaged_dicom' });
  });
});
