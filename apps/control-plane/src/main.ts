import { bootstrap } from '@ganglion/service-kit/bootstrap';
import { AppModule } from './app.module.js';

await bootstrap({
  name: 'control-plane',
  version: '0.0.0',
  summary: 'API keys and the ledger of predictions.',
  module: AppModule,
});
