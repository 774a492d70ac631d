import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import { Module } from '@nestjs/common';
import { Sentiment } from './sentiment/sentiment.js';
import { SentimentHandler } from './sentiment/sentiment.handler.js';

@Module({
  imports: [ModelModule.of(new URL('..', import.meta.url))],
  controllers: [SentimentHandler],
  providers: [
    {
      provide: Sentiment,
      inject: [ModelSlots],
      useFactory: (slots: ModelSlots) => Sentiment.load(slots.slot('nlp/sentiment')),
    },
  ],
})
export class AppModule {}
