import { fileURLToPath } from 'node:url';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Kit } from '../kit.js';
import { KIT } from '../tokens.js';
import { ModelSlots } from './model-slots.js';

/** Gives a service its models: {@link ModelSlots}, loaded before whoever asks for it is made. */
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
      useFactory: async (kit: Kit) => {
        const slots = new ModelSlots(kit, fileURLToPath(appFolder), source);
        await slots.load();
        return slots;
      },
    };
    return { module: ModelModule, global: true, providers: [slots], exports: [ModelSlots] };
  }
}
