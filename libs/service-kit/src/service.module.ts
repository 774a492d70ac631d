import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Caller } from './caller.js';
import type { Kit } from './kit.js';
import { MediaReader } from './media-reader.js';
import { BLOBS, KIT, LOGGER, METRICS, NATS } from './tokens.js';

/** Gives every module of a service what the kit has: {@link Caller} and {@link MediaReader} by class, the rest by the tokens of `tokens.ts`. */
@Global()
@Module({})
export class ServiceModule {
  static of(kit: Kit): DynamicModule {
    const providers = [
      { provide: KIT, useValue: kit },
      { provide: NATS, useValue: kit.nats },
      { provide: BLOBS, useValue: kit.blobs },
      { provide: LOGGER, useValue: kit.logger },
      { provide: METRICS, useValue: kit.metrics },
      { provide: Caller, useValue: kit.caller },
      { provide: MediaReader, useValue: new MediaReader(kit.blobs) },
    ];
    return { module: ServiceModule, providers, exports: providers };
  }
}
