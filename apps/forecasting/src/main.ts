import { bootstrap } from '@ganglion/service-kit/bootstrap';
import { AppModule } from './app.module.js';

await bootstrap({
  name: 'forecasting',
  version: '0.0.0',
  summary: 'Forecasts time series, with intervals.',
  module: AppModule,
});
