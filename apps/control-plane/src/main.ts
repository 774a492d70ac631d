import { bootstrap } from '@ganglion/service-kit/bootstrap';
import { AppModule } from './app.module.js';

await bootstrap({
  name: 'control-plane',
  version: '0.0.0',
  summary: 'API keys, the ledger of predictions and the slots of models.',
  module: AppModule,
});
