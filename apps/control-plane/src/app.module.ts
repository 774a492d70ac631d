import { readEnvironment } from '@ganglion/service-kit/environment';
import { Module } from '@nestjs/common';
import { Audit } from './audit/audit.js';
import { AuditHandler } from './audit/audit.handler.js';
import { environment } from './config.js';
import { ErasureWorker } from './erasures/erasure-worker.js';
import { Erasures } from './erasures/erasures.js';
import { ErasuresHandler } from './erasures/erasures.handler.js';
import { BOOTSTRAP_KEY, BootstrapKey } from './keys/bootstrap-key.js';
import { KeyUses } from './keys/key-uses.js';
import { KeyVerifier } from './keys/key-verifier.js';
import { Keys } from './keys/keys.js';
import { KeysHandler } from './keys/keys.handler.js';
import { Tokens } from './keys/tokens.js';
import { PersistenceModule } from './persistence/persistence.module.js';
import { LedgerMetrics } from './predictions/ledger-metrics.js';
import { PredictionConsumer } from './predictions/prediction-consumer.js';
import { PredictionEvents } from './predictions/prediction-events.js';
import { Predictions } from './predictions/predictions.js';
import { PredictionsHandler } from './predictions/predictions.handler.js';
import { Retention } from './retention/retention.js';
import { RetentionHandler } from './retention/retention.handler.js';
import { RetentionSweeper } from './retention/retention-sweeper.js';
import { Slots } from './slots/slots.js';
import { SlotsHandler } from './slots/slots.handler.js';

@Module({
  imports: [PersistenceModule],
  controllers: [
    AuditHandler,
    ErasuresHandler,
    KeysHandler,
    PredictionsHandler,
    RetentionHandler,
    SlotsHandler,
  ],
  providers: [
    { provide: BOOTSTRAP_KEY, useFactory: () => readEnvironment(environment, process.env).bootstrapKey },
    Audit,
    BootstrapKey,
    ErasureWorker,
    Erasures,
    Keys,
    KeyUses,
    KeyVerifier,
    LedgerMetrics,
    PredictionConsumer,
    PredictionEvents,
    Predictions,
    Retention,
    RetentionSweeper,
    Slots,
    Tokens,
  ],
})
export class AppModule {}
