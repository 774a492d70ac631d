import { readEnvironment } from '@ganglion/service-kit/environment';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { Module } from '@nestjs/common';
import { ClassifyHandler } from './classify/classify.handler.js';
import { FilmReader } from './classify/film-reader.js';
import { environment, SETTINGS } from './config.js';

@Module({
  imports: [ModelModule.of(new URL('..', import.meta.url))],
  controllers: [ClassifyHandler],
  providers: [FilmReader, { provide: SETTINGS, useFactory: () => readEnvironment(environment, process.env) }],
})
export class AppModule {}
