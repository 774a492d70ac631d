import { ServiceError } from '@ganglion/contracts/errors';
import type { ModelManifest, TensorSpec } from '@ganglion/contracts/model-manifest';
import type { Session, TensorMap } from '../engine.js';
import { checkInputs } from '../signature/check-inputs.js';
import { checkOutputs } from '../signature/check-outputs.js';
import { findNonFinite } from '../signature/find-non-finite.js';

type Signature = Pick<ModelManifest, 'id' | 'inputs' | 'outputs'>;

/**
 * A session that is held to its manifest at each run: what a model does not take never reaches it, and what it should
 * not give never becomes an answer. In a batch that fails over one request the Runner runs each alone.
 */
export class CheckedSession implements Session {
  constructor(
    private readonly session: Session,
    private readonly model: Signature,
  ) {}

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
    const { id, inputs: taken, outputs: given } = this.model;
    const lengths = checkInputs(inputs, taken);
    for (const spec of taken) if (spec.finite === true) requireFinite('The input', spec, inputs);
    const outputs = await this.session.run(inputs);
    checkOutputs(outputs, given, lengths);
    for (const spec of given) {
      if (spec.finite !== false)
        requireFinite(`The model "${id}" has no answer to this input: its output`, spec, outputs);
    }
    return outputs;
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

function requireFinite(subject: string, { name }: TensorSpec, tensors: TensorMap): void {
  const value = tensors[name];
  const index = value === undefined ? -1 : findNonFinite(value);
  if (value === undefined || index < 0) return;
  const what = value.dtype === 'float16' ? 'NaN or an infinity' : String(value.data[index]);
  throw new ServiceError('invalid_input', `${subject} "${name}" holds ${what} at ${index}.`);
}
