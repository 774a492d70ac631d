import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import type { score } from '@ganglion/contracts/services/fraud-detection/score';
import { shapleyValues } from '@ganglion/explain/shapley-values';
import type { CallContext } from '@ganglion/service-kit/call-context';
import type { Prediction } from '@ganglion/service-kit/handles';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import { expectDtype, tensor, type Tensor } from '@ganglion/tensor';
import { FACTOR_COLUMNS, FEATURES } from './features.js';
import { postprocess } from './postprocess.js';
import { preprocess, scorerInput, type ScorerInput } from './preprocess.js';

type Input = ParsedInputOf<typeof score>;
type Output = OutputOf<typeof score>;

const GROUPS = Object.values(FACTOR_COLUMNS);

/** Scores card transactions for fraud. */
export class Scorer {
  private readonly settings: ScorerInput;
  private readonly background: Float32Array;

  constructor(private readonly model: SlotModel) {
    this.settings = scorerInput.parse(this.model.manifest.preprocessing);
    this.background = Float32Array.from(this.settings.background.flat());
  }

  async score(input: Input, context: CallContext): Promise<Prediction<Output>> {
    const prepared = context.timing.measure('preprocess', () => preprocess(input, this.settings));
    const explained = await shapleyValues(
      prepared.features,
      (rows, count) => this.predict(rows, count, context),
      { groups: GROUPS, background: this.background },
    );
    const output = context.timing.measure('postprocess', () => postprocess(explained, prepared));
    return {
      model: this.model.version,
      output,
      explanation: {
        method: 'exact Shapley values',
        unit: 'log-odds',
        backgroundRows: this.settings.background.length,
      },
      warnings: prepared.warnings,
      confidence: Math.max(output.probability, 1 - output.probability),
    };
  }

  /** The log-odds of rows of features `[count, 15]`: one row of the model's batch, so that they are computed together. */
  private async predict(
    rows: Float32Array<ArrayBuffer>,
    count: number,
    context: CallContext,
  ): Promise<Float32Array> {
    const features = tensor('float32', [1, count, FEATURES.length], rows);
    const outputs = await this.model.run({ features }, context);
    return expectDtype(outputs['log_odds'] as Tensor, 'float32').data;
  }
}
