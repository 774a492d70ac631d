import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { Module } from '@nestjs/common';
import { SentimentHandler } from './sentiment/sentiment.handler.js';

@Module({
  imports: [ModelModule.of(new URL('..', import.meta.url))],
  controllers: [SentimentHandler],
})
export class AppModule {}
