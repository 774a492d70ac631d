import { Tokenizer } from '@huggingface/tokenizers';

/** Turns tokens into text. */
export interface Vocabulary {
  textOf(tokens: readonly number[]): string;
}

/** @param file `tokenizer.json` as Hugging Face's tokenizers write it. */
export function readVocabulary(file: Uint8Array): Vocabulary {
  const tokenizer = new Tokenizer(JSON.parse(Buffer.from(file).toString('utf8')), {});
  return {
    textOf: (tokens) =>
      tokens.length === 0 ? '' : tokenizer.decode([...tokens], { skip_special_tokens: true }).trim(),
  };
}
