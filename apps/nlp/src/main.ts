import { bootstrap } from '@ganglion/service-kit/bootstrap';
import { AppModule } from './app.module.js';

await bootstrap({
  name: 'nlp',
  version: '0.0.0',
  summary: 'Reads text: sentiment.',
  module: AppModule,
});
