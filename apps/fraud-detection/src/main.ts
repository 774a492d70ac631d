import { bootstrap } from '@ganglion/service-kit/bootstrap';
import { AppModule } from './app.module.js';

await bootstrap({
  name: 'fraud-detection',
  version: '0.0.0',
  summary: 'Scores card transactions for fraud, with reasons.',
  module: AppModule,
});
