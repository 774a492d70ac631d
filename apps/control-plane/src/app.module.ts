import { readEnvironment } from '@ganglion/service-kit/environment';
import { Module } from '@nestjs/common';
import { environment } from './config.js';
import { BOOTSTRAP_KEY, BootstrapKey } from './keys/bootstrap-key.js';
import { Keys } from './keys/keys.js';
import { KeysHandler } from './keys/keys.handler.js';
import { PersistenceModule } from './persistence/persistence.module.js';
import { LedgerMetrics } from './predictions/ledger-metrics.js';
import { PredictionConsumer } from './predictions/prediction-consumer.js';
import { PredictionEvents } from './predictions/prediction-events.js';
import { Predictions } from './predictions/predictions.js';
import { PredictionsHandler } from './predictions/predictions.handler.js';
import { Slots } from './slots/slots.js';
import { SlotsHandler } from './slots/slots.handler.js';

@Module({
  imports: [PersistenceModule],
  controllers: [KeysHandler, PredictionsHandler, SlotsHandler],
  providers: [
    { provide: BOOTSTRAP_KEY, useFactory: () => readEnvironment(environment, process.env).bootstrapKey },
    BootstrapKey,
    Keys,
    LedgerMetrics,
    PredictionConsumer,
    PredictionEvents,
    Predictions,
    Slots,
  ],
})
export class AppModule {}
