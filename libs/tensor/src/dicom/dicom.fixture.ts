import { deflateRawSync } from 'node:zlib';

/** A small DICOM file in explicit VR: a picture of 4 x 3 pixels of 12 bits, unless its elements say otherwise. */
export interface DicomFixture {
  readonly transferSyntax?: string;
  /** Elements as `[VR, value]` by tag in hexadecimal; `undefined` leaves one out. */
  readonly elements?: Readonly<Record<string, Element | undefined>>;
  /** Compresses the data set, as the deflated transfer syntax has it. */
  readonly isDeflated?: boolean;
}

type Element = readonly [vr: string, value: string | number | Uint8Array | readonly Uint8Array[]];

const ELEMENTS: Readonly<Record<string, Element>> = {
  '00080060': ['CS', 'DX'],
  '00180015': ['CS', 'CHEST'],
  '00280002': ['US', 1],
  '00280004': ['CS', 'MONOCHROME2'],
  '00280010': ['US', 3],
  '00280011': ['US', 4],
  '00280100': ['US', 16],
  '00280101': ['US', 12],
  '00280102': ['US', 11],
  '00280103': ['US', 0],
  '7fe00010': ['OW', new Uint8Array(Uint16Array.from({ length: 12 }, (_, index) => index * 100).buffer)],
};

export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

export function dicomFile({ transferSyntax, elements = {}, isDeflated }: DicomFixture = {}): Buffer {
  const meta = elementBytes('00020010', ['UI', transferSyntax ?? EXPLICIT_LITTLE_ENDIAN]);
  const dataSet = Buffer.concat(
    Object.entries({ ...ELEMENTS, ...elements })
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .flatMap(([tag, element]) => (element ? [elementBytes(tag, element)] : [])),
  );
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    elementBytes('00020000', ['UL', meta.length]),
    meta,
    isDeflated ? deflateRawSync(dataSet, { level: 1 }) : dataSet,
  ]);
}

function elementBytes(tag: string, [vr, value]: Element): Buffer {
  const head = Buffer.alloc(8);
  writeTag(head, tag);
  head.write(vr, 4, 'latin1');
  if (Array.isArray(value)) return Buffer.concat([head, undefinedLength(), ...fragments(value)]);
  const content = contentOf(vr, value as string | number | Uint8Array);
  if (!['OB', 'OW', 'OF', 'UN'].includes(vr)) {
    head.writeUInt16LE(content.length, 6);
    return Buffer.concat([head, content]);
  }
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([head, length, content]);
}

function contentOf(vr: string, value: string | number | Uint8Array): Buffer {
  if (typeof value === 'number') {
    const number = Buffer.alloc(vr === 'UL' ? 4 : 2);
    number.writeUIntLE(value, 0, number.length);
    return number;
  }
  const content = Buffer.from(value as Uint8Array);
  return content.length % 2 === 0 ? content : Buffer.concat([content, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
}

/** An empty table of offsets, the fragments, and the end of the sequence. */
function fragments(parts: readonly Uint8Array[]): Buffer[] {
  const item = (tag: string, content: Uint8Array) => {
    const head = Buffer.alloc(8);
    writeTag(head, tag);
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content]);
  };
  return [Buffer.alloc(0), ...parts]
    .map((part) => item('fffee000', part))
    .concat(item('fffee0dd', Buffer.alloc(0)));
}

function writeTag(head: Buffer, tag: string): void {
  head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
}

function undefinedLength(): Buffer {
  return Buffer.alloc(4, 0xff);
}
