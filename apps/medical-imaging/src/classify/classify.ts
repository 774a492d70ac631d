import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import type { classify } from '@ganglion/contracts/services/medical-imaging/classify';
import type { CallContext } from '@ganglion/service-kit/call-context';
import type { Prediction } from '@ganglion/service-kit/handles';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import { describeChanges } from './describe-changes.js';
import type { FilmReader } from './film-reader.js';
import { postprocess } from './postprocess.js';
import { classifierInput, preprocess, type ClassifierInput } from './preprocess.js';

type Input = ParsedInputOf<typeof classify>;
type Output = OutputOf<typeof classify>;

/** Tells what chest films show. */
export class Classifier {
  private readonly settings: ClassifierInput;

  constructor(
    private readonly model: SlotModel,
    private readonly films: FilmReader,
  ) {
    this.settings = classifierInput.parse(this.model.manifest.preprocessing);
  }

  /** @throws ServiceError as {@link FilmReader.read} and {@link preprocess} */
  async classify({ film: media, prevalence }: Input, context: CallContext): Promise<Prediction<Output>> {
    const startedAt = performance.now();
    const film = await this.films.read(media, this.settings.side, context);
    const prepared = preprocess(film, this.settings);
    context.timing.add('preprocess', performance.now() - startedAt);
    const outputs = await this.model.run({ films: prepared.input }, context);
    const output = context.timing.measure('postprocess', () =>
      postprocess(outputs, film.source, {
        threshold: this.settings.threshold,
        prevalence: prevalence ?? this.settings.prevalence,
      }),
    );
    const { probability } = output.findings[0] as Output['findings'][number];
    return {
      model: this.model.version,
      output,
      warnings: describeChanges(film.source, prepared, {
        side: this.settings.side,
        ...(prevalence === undefined && { assumedPrevalence: this.settings.prevalence }),
      }),
      confidence: Math.max(probability, 1 - probability),
    };
  }
}
