import type { OutputOf } from '@ganglion/contracts/capability';
import type { getPrediction } from '@ganglion/contracts/services/control-plane/predictions';
import type { PredictionEntity } from '../persistence/prediction.entity.js';

/** A row of the ledger as it is shown. */
export function toPrediction(row: PredictionEntity): OutputOf<typeof getPrediction> {
  return {
    id: row.id,
    requestId: row.requestId,
    service: row.service,
    operation: row.operation,
    model: { id: row.modelId, version: row.modelVersion },
    inputSha256: row.inputSha256,
    output: row.output,
    ...(row.explanation !== null && { explanation: row.explanation }),
    ...(row.confidence !== null && { confidence: row.confidence }),
    warnings: row.warnings,
    ...(row.keyId !== null && { keyId: row.keyId }),
    ...(row.subject !== null && { subject: row.subject }),
    ...(row.shadowOf !== null && { shadowOf: row.shadowOf }),
    retainDays: row.retainDays,
    review: row.review,
    createdAt: row.createdAt.toISOString(),
  };
}
