import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { ServiceError } from '@ganglion/contracts/errors';
import type { detect } from '@ganglion/contracts/services/image-recognition/detect';
import type { CallContext } from '@ganglion/service-kit/call-context';
import type { Prediction } from '@ganglion/service-kit/handles';
import type { MediaReader } from '@ganglion/service-kit/media-reader';
import type { SlotModel } from '@ganglion/service-kit/model/slot-model';
import { describeChanges } from './describe-changes.js';
import { postprocess } from './postprocess.js';
import { detectorInput, preprocess, type DetectorInput } from './preprocess.js';

type Input = ParsedInputOf<typeof detect>;
type Output = OutputOf<typeof detect>;

/** Finds objects in pictures. */
export class Detector {
  private readonly frame: DetectorInput;
  private readonly labels: readonly string[];

  constructor(
    private readonly model: SlotModel,
    private readonly media: MediaReader,
  ) {
    this.frame = detectorInput.parse(this.model.manifest.preprocessing);
    this.labels = this.model.manifest.labels ?? [];
  }

  /**
   * @throws ServiceError `invalid_input` for a label that the model does not know, `unsupported_media_type`,
   *   `image-recognition.damaged_image`, `.too_many_pixels` and `.image_too_small` for a picture that cannot be used.
   */
  async detect(input: Input, context: CallContext): Promise<Prediction<Output>> {
    this.checkLabels(input.labels ?? []);
    const bytes = await this.media.read(input.image, context);
    const startedAt = performance.now();
    const prepared = await preprocess(bytes, this.frame, context.signal);
    context.timing.add('preprocess', performance.now() - startedAt);
    const outputs = await this.model.run({ image: prepared.input }, context);
    const { minScore, maxObjects } = input;
    const objects = context.timing.measure('postprocess', () =>
      postprocess(outputs, prepared, { minScore, maxObjects, labels: this.labels, wanted: input.labels }),
    );
    const { width, height } = prepared.image;
    return {
      model: this.model.version,
      output: { objects, image: { width, height } },
      warnings: describeChanges(prepared),
      ...(objects[0] && { confidence: objects[0].score }),
    };
  }

  private checkLabels(wanted: readonly string[]): void {
    const errors = wanted.flatMap((label, index) =>
      this.labels.includes(label)
        ? []
        : [{ pointer: `/labels/${index}`, detail: `The model knows no "${label}".` }],
    );
    if (errors.length === 0) return;
    const unknown = errors.map(({ detail }) => detail).join(' ');
    throw new ServiceError('invalid_input', `${unknown} It knows: ${this.labels.join(', ')}.`, { errors });
  }
}
