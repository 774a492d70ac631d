import sharp, { type Sharp } from 'sharp';
import { dicomFile, type DicomFixture } from '../../../libs/tensor/src/dicom/dicom.fixture.js';

/** Something like a chest in 12 bits: dark lungs and shoulders, a bright belly. */
export function chestValues(width: number, height: number): Uint16Array {
  return Uint16Array.from({ length: width * height }, (_, index) => {
    const x = ((index % width) - (width - 1) / 2) / Math.min(width, height);
    const y = (Math.floor(index / width) - (height - 1) / 2) / Math.min(width, height);
    const lungs = Math.exp(-(((Math.abs(x) - 0.24) / 0.13) ** 2) - ((y + 0.08) / 0.26) ** 2);
    const belly = 1 / (1 + Math.exp(-25 * (y - 0.22)));
    const beside = Math.exp(-(((Math.abs(x) - 0.5) / 0.12) ** 2) - ((y + 0.45) / 0.4) ** 2);
    return Math.round(4095 * (0.65 - 0.4 * lungs + 0.25 * belly - 0.4 * beside));
  });
}

/** The chest as a picture in grey. */
export function chestPicture(width = 120, height = 150): Sharp {
  const pixels = Uint8Array.from(chestValues(width, height), (value) => value >> 4);
  return sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
}

export const PATIENT = ['DOE^JANE', 'MRN-0815', '19700101', '055Y', 'Dr. Roe', 'St. Nowhere'];

/** The chest as a DICOM film of a patient, unless its elements say otherwise. */
export function chestDicom(
  { elements = {}, ...fixture }: DicomFixture = {},
  width = 120,
  height = 150,
): Buffer {
  const [name = '', id = '', birth = '', age = '', physician = '', institution = ''] = PATIENT;
  return dicomFile({
    ...fixture,
    elements: {
      '00080080': ['LO', institution],
      '00080090': ['PN', physician],
      '00100010': ['PN', name],
      '00100020': ['LO', id],
      '00100030': ['DA', birth],
      '00101010': ['AS', age],
      '00185101': ['CS', 'PA'],
      '00280010': ['US', height],
      '00280011': ['US', width],
      '00281050': ['DS', '2048'],
      '00281051': ['DS', '4096'],
      '7fe00010': ['OW', new Uint8Array(chestValues(width, height).buffer)],
      ...elements,
    },
  });
}
