import { bootstrap } from '@ganglion/service-kit/bootstrap';
import { AppModule } from './app.module.js';

await bootstrap({
  name: 'speech-to-text',
  version: '0.0.0',
  summary: 'Writes down English speech.',
  module: AppModule,
});
