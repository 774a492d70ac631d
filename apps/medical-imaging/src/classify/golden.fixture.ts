import { readFileSync } from 'node:fs';

export interface GoldenFilm {
  readonly name: string;
  /** Base64 of the file. */
  readonly file: string;
  /** Base64 of `[28, 28]` bytes. */
  readonly pixels: string;
  readonly probability: number;
}

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** What tools/golden/pneumonia.py computed, by other programs than ours. */
export const golden = read('./golden/classify.json') as {
  readonly reference: string;
  readonly cases: readonly GoldenFilm[];
};

/** What the manifest of the model says of its input. */
export const { preprocessing } = read('../../models/pneumonia-cnn.json') as { preprocessing: unknown };
