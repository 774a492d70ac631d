import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { Module } from '@nestjs/common';
import { ScoreHandler } from './score/score.handler.js';

@Module({
  imports: [ModelModule.of(new URL('..', import.meta.url))],
  controllers: [ScoreHandler],
})
export class AppModule {}
