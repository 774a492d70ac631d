import { bootstrap } from '@ganglion/service-kit/bootstrap';
import { AppModule } from './app.module.js';

await bootstrap({
  name: 'image-recognition',
  version: '0.0.0',
  summary: 'Finds objects in pictures.',
  module: AppModule,
});
