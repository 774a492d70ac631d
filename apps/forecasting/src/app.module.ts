import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { Module } from '@nestjs/common';
import { ForecastHandler } from './forecast/forecast.handler.js';

@Module({
  imports: [ModelModule.of(new URL('..', import.meta.url))],
  controllers: [ForecastHandler],
})
export class AppModule {}
