import type { PredictionRecord } from '@ganglion/contracts/prediction-record';
import type { CallOptions, Transport } from './transport.js';

/** A prediction as the ledger has it. */
export type Prediction = PredictionRecord & { readonly review: 'none' | 'pending' | 'decided' };

/** A record of an answer just given may be a moment away; the server says when to ask again. */
const PENDING_RETRIES = 20;

/** The ledger of predictions. */
export class Predictions {
  constructor(private readonly transport: Transport) {}

  /** Finds the record of an answer by its id; waits while it is on its way. @throws GanglionError */
  async get(id: string, options?: CallOptions): Promise<Prediction> {
    const request = { method: 'GET', path: `/v1/predictions/${encodeURIComponent(id)}` };
    return (await this.transport.send(request, { maxRetries: PENDING_RETRIES, ...options })) as Prediction;
  }
}
