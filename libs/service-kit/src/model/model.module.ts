import { fileURLToPath } from 'node:url';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Kit } from '../kit.js';
import { KIT } from '../tokens.js';
import { ModelSlots } from './model-slots.js';
import { ControlPlaneSlots } from './slot/control-plane-slots.js';

/** Gives a service its models: {@link ModelSlots}, whose slots are loaded before the service can be found. */
@Module({})
export class ModelModule {
  /**
   * @param appFolder Of the app: `new URL('..', import.meta.url)` in its `app.module.ts`.
   * @param source Environment variables.
   */
  static of(
    appFolder: URL,
    source: Readonly<Record<string, string | undefined>> = process.env,
  ): DynamicModule {
    const slots = {
      provide: ModelSlots,
      inject: [KIT],
      useFactory: (kit: Kit) =>
        new ModelSlots(kit, fileURLToPath(appFolder), source, new ControlPlaneSlots(kit)),
    };
    return { module: ModelModule, global: true, providers: [slots], exports: [ModelSlots] };
  }
}
