import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Pixels along a side of each film. */
export const SIDE = 28;

/** `pixels` `[films, 28, 28]`, 0 black to 255 white; `labels` `[films]`, 1 is pneumonia. @typedef {{ pixels: Uint8Array, labels: Uint8Array }} Films */

/**
 * Reads a part of PneumoniaMNIST.
 *
 * @param {string | undefined} dataFolder `GANGLION_DATA`
 * @param {'train' | 'val'} part
 * @returns {Promise<Films>}
 * @throws Error that says what to set when the data can't be found
 */
export async function readFilms(dataFolder, part) {
  if (!dataFolder) {
    throw new Error(
      'GANGLION_DATA is not set: name the folder that holds medical/pneumoniamnist/{train,val}_{images,labels}.npy ' +
        '(PneumoniaMNIST of MedMNIST, 28 x 28).',
    );
  }
  const read = async (/** @type {string} */ name) => {
    const file = join(dataFolder, 'medical', 'pneumoniamnist', `${part}_${name}.npy`);
    const bytes = await readFile(file).catch((cause) => {
      throw new Error(`GANGLION_DATA has no ${file}: ${cause.code}.`, { cause });
    });
    return readNpy(bytes, file);
  };
  const [images, labels] = [await read('images'), await read('labels')];
  const [count = 0, height, width] = images.shape;
  if (height !== SIDE || width !== SIDE || labels.data.length !== count) {
    throw new Error(`${part} is not ${SIDE} x ${SIDE} pixels and a label for each of ${count} films.`);
  }
  return { pixels: images.data, labels: labels.data };
}

/** The pixels of one film, `[28, 28]`. @param {Films} films @param {number} film */
export function pixelsOf({ pixels }, film) {
  return pixels.subarray(film * SIDE * SIDE, (film + 1) * SIDE * SIDE);
}

/**
 * Reads an array of unsigned bytes in NumPy's own format, version 1.
 *
 * @source numpy/lib/format.py
 * @param {Buffer} bytes @param {string} name For messages.
 */
export function readNpy(bytes, name) {
  const isNpy = bytes.subarray(0, 8).equals(Buffer.from('\x93NUMPY\x01\x00', 'latin1'));
  const start = isNpy ? 10 + bytes.readUInt16LE(8) : 0;
  const header = bytes.toString('latin1', 10, start);
  const [, shapeText] = /'descr': '\|u1', 'fortran_order': False, 'shape': \(([\d, ]*)\)/.exec(header) ?? [];
  const shape = shapeText
    ?.split(',')
    .filter((axis) => axis.trim())
    .map(Number);
  const data = new Uint8Array(bytes.subarray(start));
  if (shape === undefined || data.length !== shape.reduce((product, axis) => product * axis, 1)) {
    throw new Error(`${name} is no .npy file of unsigned bytes in C order.`);
  }
  return { shape, data };
}
