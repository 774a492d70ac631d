import type { ModelVersion } from '@ganglion/contracts/answer';
import type { ModelManifest } from '@ganglion/contracts/model-manifest';
import type { ServedModel, TensorMap } from '@ganglion/inference';
import type { CallContext } from '../call-context.js';

/** What a run needs to know of the call that it is for. */
export type RunContext = Pick<CallContext, 'deadline' | 'signal' | 'timing' | 'notes' | 'lane'>;

/** One loaded version of a slot's model. */
export class SlotModel {
  constructor(private readonly served: ServedModel) {}

  /** What an answer names. */
  get version(): ModelVersion {
    const { id, version } = this.served.manifest;
    return { id, version };
  }

  get manifest(): ModelManifest {
    return this.served.manifest;
  }

  /** Reads one of its files, such as its vocabulary; its bytes are those that were hashed. */
  readFile(path: string): Promise<Uint8Array> {
    return this.served.readFile(path);
  }

  /**
   * Computes the model's outputs, within the call's deadline; its stages go to the call's timing, and what its answers
   * must say of it to the call's notes.
   *
   * @param inputs Consumed: their buffers may be detached afterwards.
   * @throws ServiceError invalid_input, overloaded, deadline_exceeded, cancelled, model_unavailable
   */
  async run(inputs: TensorMap, context: RunContext): Promise<TensorMap> {
    const { outputs, timings } = await this.served.runner.run(inputs, context);
    for (const warning of this.served.warnings) context.notes.add(warning);
    context.timing.add('queue', timings.queueMs);
    context.timing.add('batch', timings.batchMs);
    context.timing.add('compute', timings.computeMs);
    return outputs;
  }

  /** Answers what was accepted, then gives the model's memory back. */
  close(): Promise<void> {
    return this.served.runner.close();
  }
}
