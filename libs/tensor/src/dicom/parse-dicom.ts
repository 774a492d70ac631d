import { inflateRawSync } from 'node:zlib';
// CommonJS that is packed, so that Node finds no names in it.
import dicomParser, { type DataSet } from 'dicom-parser';
import { damaged, DicomError } from './dicom-error.js';
import { transferSyntaxOf, type TransferSyntax } from './transfer-syntax.js';

/** The elements of a DICOM file. */
export interface ParsedDicom {
  readonly dataSet: DataSet;
  readonly transferSyntax: TransferSyntax;
}

const PREAMBLE_BYTES = 128;
const MAGIC = 'DICM';

/**
 * Reads the elements of a DICOM file (PS3.10, with preamble); a deflated one is refused past `maxInflatedBytes`.
 *
 * @throws DicomError `not_dicom`, `damaged_dicom`, `unsupported_transfer_syntax`, `too_many_pixels`
 */
export function parseDicomFile(bytes: Uint8Array, maxInflatedBytes: number): ParsedDicom {
  if (Buffer.from(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + 4)).toString('latin1') !== MAGIC) {
    throw new DicomError(
      'not_dicom',
      'This is not a DICOM file: after 128 bytes it does not say "DICM". Send the file as the device stored it.',
    );
  }
  const transferSyntax = transferSyntaxOf(orDamaged(() => transferSyntaxUid(bytes)));
  const inflater = (_: Uint8Array, position: number) => inflate(bytes.subarray(position), maxInflatedBytes);
  return { dataSet: orDamaged(() => dicomParser.parseDicom(bytes, { inflater })), transferSyntax };
}

function transferSyntaxUid(bytes: Uint8Array): string {
  const uid = dicomParser.readPart10Header(bytes).string('x00020010');
  if (uid === undefined) throw damaged();
  return uid;
}

/** The parser starts at the first byte of what it is given back, so the header is not repeated before it. */
function inflate(deflated: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflateRawSync(deflated, { maxOutputLength });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw cause;
    const megabytes = Math.floor(maxOutputLength / 1e6);
    throw new DicomError(
      'too_many_pixels',
      `The deflated DICOM file grows past ${megabytes} megabytes when it is unpacked.`,
      cause,
    );
  }
}

/** The parser throws strings and objects that hold what it had read; neither goes on from here. */
function orDamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof DicomError ? thrown : damaged();
  }
}
