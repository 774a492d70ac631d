import type { ModelManifest } from '@ganglion/contracts/model-manifest';
import { ServiceError } from '@ganglion/contracts/errors';
import {
  estimateModelBytes,
  type FoundManifest,
  type Patience,
  type Residency,
  type Resident,
  type ResidentState,
  type ServedModel,
} from '@ganglion/inference';
import { SlotModel } from '../slot-model.js';

/** Makes an app's use case of a loaded model: checks its settings, reads its vocabulary. */
export type LoadUseCase<UseCase> = (model: SlotModel) => UseCase | Promise<UseCase>;

/** How the models of a service are loaded. */
export interface ModelLoader {
  readonly residency: Residency;
  /** Sessions of each model. */
  readonly instances: number;
  serve(found: FoundManifest): Promise<ServedModel>;
}

interface Loaded<UseCase> {
  readonly model: SlotModel;
  readonly useCase: UseCase;
}

/** One version of a slot's model, with the app's use case around it. */
export class SlotVersionHolder<UseCase> {
  /** `<id>@<version>` */
  readonly reference: string;
  private readonly resident: Resident<Loaded<UseCase>>;

  constructor(
    private readonly found: FoundManifest,
    private readonly loader: ModelLoader,
    private readonly loadUseCase: LoadUseCase<UseCase>,
  ) {
    this.reference = referenceOf(found.manifest);
    this.resident = loader.residency.admit({
      name: this.reference,
      bytes: estimateModelBytes(found.manifest, loader.instances),
      load: () => this.loadBoth(),
      unload: ({ model }) => model.close(),
    });
  }

  get state(): ResidentState {
    return this.resident.state;
  }

  /** Loads, proves and warms it. @throws ServiceError model_unavailable */
  load(patience?: Patience): Promise<void> {
    return this.resident.load(patience);
  }

  /** Works with the use case; the model stays for that long. @throws ServiceError as {@link Resident.use} */
  use<Result>(patience: Patience, work: (useCase: UseCase) => Promise<Result>): Promise<Result> {
    return this.resident.use(patience, ({ useCase }) => work(useCase));
  }

  /** Waits until nobody uses it, and unloads it for good. */
  retire(): Promise<void> {
    return this.resident.retire();
  }

  private async loadBoth(): Promise<Loaded<UseCase>> {
    const model = new SlotModel(await this.loader.serve(this.found));
    try {
      return { model, useCase: await this.loadUseCase(model) };
    } catch (cause) {
      await model.close();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ServiceError(
        'model_unavailable',
        `The model ${this.reference} does not fit its slot: ${why}`,
        {
          cause,
        },
      );
    }
  }
}

export function referenceOf({ id, version }: Pick<ModelManifest, 'id' | 'version'>): string {
  return `${id}@${version}`;
}
