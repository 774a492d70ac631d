import type { Explanation, ModelVersion } from '@ganglion/contracts/answer';
import { encodeRequest } from './encode-request.js';
import type { CallOptions, Transport } from './transport.js';

/** A prediction as the ledger has it. */
export interface Prediction {
  /** The `id` of the answer. */
  readonly id: string;
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  readonly model: ModelVersion;
  /** Lower-case hex sha256 of the input as MessagePack, to prove what was asked. */
  readonly inputSha256: string;
  readonly output: unknown;
  readonly explanation?: Explanation | undefined;
  /** 0..1, where the operation has a notion of it. */
  readonly confidence?: number | undefined;
  readonly warnings: readonly string[];
  /** Id of the API key that asked. */
  readonly keyId?: string | undefined;
  /** Whom the input is about, as `Ganglion-Subject` said. */
  readonly subject?: string | undefined;
  /** Id of the answer beside which a shadow computed this; nobody was given it. */
  readonly shadowOf?: string | undefined;
  /** Ids of what shadows computed beside this answer. */
  readonly shadows?: readonly string[] | undefined;
  /** How many days it is kept at most, as its contract says. */
  readonly retainDays?: number | undefined;
  readonly createdAt: string;
  readonly review: 'none' | 'pending' | 'decided';
}

export interface GetPredictionOptions extends CallOptions {
  /** Waits, as long as the call may take, while the record is on its way to the ledger. */
  readonly waitUntilRecorded?: boolean;
}

/** The ledger of predictions. */
export class Predictions {
  constructor(private readonly transport: Transport) {}

  /**
   * Finds the record of an answer by its id.
   *
   * @throws GanglionError `prediction_pending` when it is on its way and shall not be waited for, `not_found`, …
   */
  async get(id: string, options: GetPredictionOptions = {}): Promise<Prediction> {
    const { waitUntilRecorded = false, ...rest } = options;
    const request = encodeRequest({ method: 'GET', path: '/v1/predictions/{id}' }, { id });
    const maxRetriesByCode = { prediction_pending: waitUntilRecorded ? Infinity : 0 };
    return (await this.transport.send(request, { retrySafe: true, maxRetriesByCode }, rest)) as Prediction;
  }
}
