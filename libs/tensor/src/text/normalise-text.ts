/** What is done to a text, in this order; nothing by default. */
export interface TextNormalisation {
  /** Unicode normalisation form: NFC composes, NFKC also replaces what only looks another way. */
  readonly form?: 'NFC' | 'NFKC';
  /** Control and format characters go, and every white space becomes a blank. */
  readonly clean?: boolean;
  /** Blanks around every Chinese character, as BERT has them. */
  readonly spaceIdeographs?: boolean;
  /** Letters lose their accents, and the text is decomposed (NFD). */
  readonly stripAccents?: boolean;
  /** Letter by letter: a capital sigma becomes σ at the end of a word as well. */
  readonly lowercase?: boolean;
}

/**
 * Brings a text into the form that a model's vocabulary was made from.
 *
 * @source Hugging Face tokenizers, `NFC`, `NFKC` and `BertNormalizer`
 */
export function normaliseText(text: string, options: TextNormalisation): string {
  let result = options.form === undefined ? text : text.normalize(options.form);
  if (options.clean) result = result.replace(UNSEEN, '').replace(WHITE_SPACE, ' ');
  if (options.spaceIdeographs) result = result.replace(IDEOGRAPH, ' $& ');
  if (options.stripAccents) result = result.normalize('NFD').replace(/\p{Mn}/gu, '');
  return options.lowercase
    ? result.replace(/\p{Changes_When_Lowercased}/gu, (letter) => letter.toLowerCase())
    : result;
}

/** All but the white space among the control characters. */
const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\ufffd]/gu;
const WHITE_SPACE = /\p{White_Space}/gu;
/** The blocks of Chinese characters that BERT knows. */
const IDEOGRAPH =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
