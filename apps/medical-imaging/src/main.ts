import { bootstrap } from '@ganglion/service-kit/bootstrap';
import { AppModule } from './app.module.js';

await bootstrap({
  name: 'medical-imaging',
  version: '0.0.0',
  summary: 'Looks for findings on chest films, for a clinician to review.',
  module: AppModule,
});
