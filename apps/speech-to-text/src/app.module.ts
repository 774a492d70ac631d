import { readEnvironment } from '@ganglion/service-kit/environment';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { Module } from '@nestjs/common';
import { environment, SETTINGS } from './config.js';
import { AudioReader } from './transcribe/audio-reader.js';
import { TranscribeHandler } from './transcribe/transcribe.handler.js';

@Module({
  imports: [ModelModule.of(new URL('..', import.meta.url))],
  controllers: [TranscribeHandler],
  providers: [
    AudioReader,
    { provide: SETTINGS, useFactory: () => readEnvironment(environment, process.env) },
  ],
})
export class AppModule {}
