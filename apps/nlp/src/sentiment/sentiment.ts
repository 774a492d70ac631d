import type { OutputOf } from '@ganglion/contracts/capability';
import type { sentiment } from '@ganglion/contracts/services/nlp/sentiment';
import type { CallContext } from '@ganglion/service-kit/call-context';
import type { Prediction } from '@ganglion/service-kit/handles';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import { postprocess } from './postprocess.js';
import { preprocess, sentimentInput, type SentimentInput } from './preprocess.js';
import { WordPieces } from './word-pieces.js';

/** Tells whether texts speak well or ill of their subject. */
export class Sentiment {
  private constructor(
    private readonly model: SlotModel,
    private readonly frame: SentimentInput,
    private readonly pieces: WordPieces,
  ) {}

  /** Reads the vocabulary of a loaded model. */
  static async load(model: SlotModel): Promise<Sentiment> {
    const frame = sentimentInput.parse(model.manifest.preprocessing);
    return new Sentiment(model, frame, WordPieces.parse(await model.readFile(frame.tokenizer)));
  }

  /** @throws ServiceError as {@link preprocess}, and as {@link SlotModel.run}. */
  async classify(text: string, context: CallContext): Promise<Prediction<OutputOf<typeof sentiment>>> {
    const { timing } = context;
    const prepared = timing.measure('preprocess', () => preprocess(text, this.pieces, this.frame));
    const outputs = await this.model.run({ ...prepared.tensors }, context);
    const output = timing.measure('postprocess', () => postprocess(outputs, prepared.pieces));
    const confidence = Math.max(output.probabilities.negative, output.probabilities.positive);
    return { model: this.model.version, output, warnings: prepared.warnings, confidence };
  }
}
