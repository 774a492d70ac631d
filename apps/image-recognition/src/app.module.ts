import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { Module } from '@nestjs/common';
import { DetectHandler } from './detect/detect.handler.js';

@Module({
  imports: [ModelModule.of(new URL('..', import.meta.url))],
  controllers: [DetectHandler],
})
export class AppModule {}
