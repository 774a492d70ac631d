import { createDataSource } from '@ganglion/persistence';
import type { Logger } from '@ganglion/service-kit/logger';
import { LOGGER } from '@ganglion/service-kit/tokens';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { GatewaySettings } from '../config.js';
import { SETTINGS } from '../settings.module.js';
import { ContractRepository } from './contract.repository.js';
import { edgeSchema } from './edge-schema.js';
import { keepConnecting } from './keep-connecting.js';
import { QuotaRepository } from './quota.repository.js';
import { UsageRepository } from './usage.repository.js';
import { SYSTEM_DATA_SOURCE } from './system/system-data-source.js';

/** The two ways to the database: by tenant, {@link DataSource}; and past tenants, {@link SYSTEM_DATA_SOURCE}. */
@Module({
  providers: [
    ContractRepository,
    QuotaRepository,
    UsageRepository,
    {
      provide: DataSource,
      inject: [SETTINGS],
      useFactory: (settings: GatewaySettings) => createDataSource(edgeSchema, 'runtime', settings),
    },
    {
      provide: SYSTEM_DATA_SOURCE,
      inject: [SETTINGS],
      useFactory: (settings: GatewaySettings) => createDataSource(edgeSchema, 'system', settings),
    },
  ],
  exports: [ContractRepository, QuotaRepository, UsageRepository, DataSource, SYSTEM_DATA_SOURCE],
})
export class PersistenceModule implements OnApplicationShutdown {
  private readonly ending = new AbortController();
  private readonly connecting: Promise<unknown>;

  constructor(
    private readonly runtime: DataSource,
    @Inject(SYSTEM_DATA_SOURCE) private readonly system: DataSource,
    @Inject(LOGGER) logger: Logger,
  ) {
    const { signal } = this.ending;
    this.connecting = Promise.all(
      [runtime, system].map((dataSource) => keepConnecting(dataSource, logger, signal)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.connecting;
    const connected = [this.runtime, this.system].filter(({ isInitialized }) => isInitialized);
    await Promise.all(connected.map((dataSource) => dataSource.destroy()));
  }
}
