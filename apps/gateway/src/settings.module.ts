import { Module, type DynamicModule } from '@nestjs/common';
import type { GatewaySettings } from './config.js';

/** Injection token of the {@link GatewaySettings}. */
export const SETTINGS = Symbol('GatewaySettings');

/** Gives every module of the gateway its settings. */
@Module({})
export class SettingsModule {
  static of(settings: GatewaySettings): DynamicModule {
    const providers = [{ provide: SETTINGS, useValue: settings }];
    return { module: SettingsModule, global: true, providers, exports: [SETTINGS] };
  }
}
