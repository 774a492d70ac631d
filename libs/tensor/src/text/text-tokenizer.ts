import { Tokenizer } from '@huggingface/tokenizers';

/** Cuts texts into the pieces of a publisher's vocabulary, and joins them: WordPiece, byte-level BPE or Unigram. */
export class TextTokenizer {
  private constructor(private readonly tokenizer: Tokenizer) {}

  /**
   * @param bytes `tokenizer.json`, as Hugging Face's tokenizers write it.
   * @throws RangeError when it is no such file.
   */
  static parse(bytes: Uint8Array): TextTokenizer {
    try {
      return new TextTokenizer(new Tokenizer(JSON.parse(Buffer.from(bytes).toString('utf8')), {}));
    } catch (cause) {
      throw new RangeError("The vocabulary is no tokenizer.json of Hugging Face's tokenizers.", { cause });
    }
  }

  /** The ids of a text's pieces, without those that a model wants around them. */
  encode(text: string): number[] {
    return this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** The text of ids; special pieces are left out. */
  decode(ids: readonly number[]): string {
    if (ids.length === 0) return '';
    // The file's own decoder says how pieces join; cleaning up behind it is what Hugging Face's transformers add.
    const options = { skip_special_tokens: true, clean_up_tokenization_spaces: false };
    return this.tokenizer.decode([...ids], options);
  }

  /** The id of a piece such as `[CLS]`; undefined where the vocabulary lacks it. */
  idOf(piece: string): number | undefined {
    return this.tokenizer.token_to_id(piece);
  }
}
