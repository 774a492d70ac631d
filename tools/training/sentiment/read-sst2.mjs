import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @typedef {{ text: string, label: 0 | 1 }} Sentence `label` 1 is positive. */

/**
 * Reads a part of SST-2: one `sentence<TAB>label` a line.
 *
 * @param {string | undefined} dataFolder `GANGLION_DATA`
 * @param {'train' | 'dev'} part
 * @returns {Promise<Sentence[]>}
 * @throws Error that says what to set when the data can't be found
 */
export async function readSst2(dataFolder, part) {
  if (!dataFolder) {
    throw new Error(
      'GANGLION_DATA is not set: name the folder that holds text/sst2/train.tsv and text/sst2/dev.tsv ' +
        '(Stanford Sentiment Treebank, two classes, whole sentences).',
    );
  }
  const file = join(dataFolder, 'text', 'sst2', `${part}.tsv`);
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new Error(`GANGLION_DATA has no ${file}: ${cause.code}.`, { cause });
  });
  return text
    .split('\n')
    .filter(Boolean)
    .map((line, index) => parseLine(line, `${file}:${index + 1}`));
}

/** @param {string} line @param {string} place @returns {Sentence} */
function parseLine(line, place) {
  const [text, label, ...rest] = line.split('\t');
  if (text === undefined || (label !== '0' && label !== '1') || rest.length > 0) {
    throw new Error(`${place} is not "sentence<TAB>0" or "sentence<TAB>1".`);
  }
  return { text, label: label === '1' ? 1 : 0 };
}
