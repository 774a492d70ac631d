import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import type { forecast } from '@ganglion/contracts/services/forecasting/forecast';
import type { CallContext } from '@ganglion/service-kit/call-context';
import type { Prediction } from '@ganglion/service-kit/handles';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import { describeChanges } from './describe-changes.js';
import { continueForecast, predictBlocks, type RunFracast } from './predict-quantiles.js';
import { forecasterInput, preprocess, type ForecasterInput } from './preprocess.js';
import { postprocess } from './postprocess.js';

type Input = ParsedInputOf<typeof forecast>;
type Output = OutputOf<typeof forecast>;

/** Forecasts series. */
export class Forecaster {
  private readonly settings: ForecasterInput;

  constructor(private readonly model: SlotModel) {
    this.settings = forecasterInput.parse(this.model.manifest.preprocessing);
  }

  /** @throws ServiceError as {@link preprocess}, and as {@link SlotModel.run}. */
  async forecast(input: Input, context: CallContext): Promise<Prediction<Output>> {
    const { timing } = context;
    const { horizon } = input;
    const prepared = timing.measure('preprocess', () => preprocess(input, this.settings));
    const { series, plan } = prepared;
    const run: RunFracast = (tensors) => this.model.run(tensors, context);
    const histories = [series.values, ...plan.origins.map((origin) => series.values.subarray(0, origin))];
    const [first = [], ...windows] = await predictBlocks(histories, run);
    const quantiles = await continueForecast(series.values, first, horizon, run);
    const output = timing.measure('postprocess', () =>
      postprocess(prepared, { quantiles, windows, intervals: this.settings.intervals }),
    );
    return { model: this.model.version, output, warnings: describeChanges(series, horizon) };
  }
}
