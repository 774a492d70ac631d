import { ServiceError } from '@ganglion/contracts/errors';
import type { ModelManifest, TensorSpec } from '@ganglion/contracts/model-manifest';
import type { AnyTensor } from '@ganglion/tensor';
import type { Session, TensorMap } from '../engine.js';
import { checkOutputs } from '../signature/check-outputs.js';
import { compileFit } from '../signature/compile-check.js';
import { findNonFinite } from '../signature/find-non-finite.js';

type Signature = Pick<ModelManifest, 'id' | 'inputs' | 'outputs'>;

/**
 * A session that is held to its manifest at each run: what a model should not give never becomes an answer. What it is
 * given was checked by the Runner. In a batch that fails over one request the Runner runs each alone.
 */
export class CheckedSession implements Session {
  /** Whether inputs and outputs together are what the manifest says. */
  private readonly fits: (tensors: TensorMap) => boolean;
  private readonly finiteInputs: readonly string[];
  private readonly finiteOutputs: readonly string[];

  constructor(
    private readonly session: Session,
    private readonly model: Signature,
  ) {
    this.fits = compileFit([...model.inputs, ...model.outputs]);
    this.finiteInputs = namesOf(model.inputs.filter(({ finite }) => finite === true));
    this.finiteOutputs = namesOf(model.outputs.filter(({ finite }) => finite !== false));
  }

  get inputs(): Session['inputs'] {
    return this.session.inputs;
  }

  get outputs(): Session['outputs'] {
    return this.session.outputs;
  }

  get device(): string {
    return this.session.device;
  }

  /** @throws ServiceError also internal when the outputs are not what the manifest says. */
  async run(inputs: TensorMap): Promise<TensorMap> {
    for (const name of this.finiteInputs) requireFinite('The input', name, inputs);
    const outputs = await this.session.run(inputs);
    this.checkShapes(inputs, outputs);
    const subject = `The model "${this.model.id}" has no answer to this input: its output`;
    for (const name of this.finiteOutputs) requireFinite(subject, name, outputs);
    return outputs;
  }

  private checkShapes(inputs: TensorMap, outputs: TensorMap): void {
    const all: Record<string, AnyTensor | undefined> = { ...inputs };
    for (const { name } of this.model.outputs) all[name] = outputs[name];
    if (!this.fits(all as TensorMap)) checkOutputs(inputs, outputs, this.model);
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

const namesOf = (specs: readonly TensorSpec[]) => specs.map(({ name }) => name);

function requireFinite(subject: string, name: string, tensors: TensorMap): void {
  const value = tensors[name];
  const index = value === undefined ? -1 : findNonFinite(value);
  if (value === undefined || index < 0) return;
  const what = value.dtype === 'float16' ? 'NaN or an infinity' : String(value.data[index]);
  throw new ServiceError('invalid_input', `${subject} "${name}" holds ${what} at ${index}.`);
}
