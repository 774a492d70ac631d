import { TextTokenizer } from '@ganglion/tensor/text';

/** Cuts texts into the word pieces of the publisher's vocabulary. */
export class WordPieces {
  private constructor(
    private readonly tokenizer: TextTokenizer,
    /** Id of the piece in front of every sequence. */
    readonly first: number,
    /** Id of the piece behind every sequence. */
    readonly last: number,
    /** Id that stands for whatever the vocabulary lacks. */
    readonly unknown: number,
  ) {}

  /**
   * @param bytes The publisher's `tokenizer.json`.
   * @throws RangeError when it is no vocabulary, or none of BERT's.
   */
  static parse(bytes: Uint8Array): WordPieces {
    const tokenizer = TextTokenizer.parse(bytes);
    const [first, last, unknown] = ['[CLS]', '[SEP]', '[UNK]'].map((piece) => tokenizer.idOf(piece));
    if (first === undefined || last === undefined || unknown === undefined)
      throw new RangeError('The vocabulary lacks [CLS], [SEP] or [UNK].');
    return new WordPieces(tokenizer, first, last, unknown);
  }

  /** The ids of a text's pieces, without those in front and behind. */
  encode(text: string): number[] {
    return this.tokenizer.encode(text);
  }
}
