import { databaseEnvironment, dataSourceOptions, type RoleKind } from '@ganglion/persistence';
import { readEnvironment } from '@ganglion/service-kit/environment';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiKeyRepository } from './api-key.repository.js';
import { AuditRepository } from './audit.repository.js';
import { controlSchema } from './control-schema.js';
import { ErasureRepository } from './erasure.repository.js';
import { PredictionRepository } from './prediction.repository.js';
import { RetentionRepository } from './retention.repository.js';
import { SlotRepository } from './slot.repository.js';
import { DueErasures } from './system/due-erasures.js';
import { KeyDirectory } from './system/key-directory.js';
import { PredictionPurge } from './system/prediction-purge.js';
import { SYSTEM_DATA_SOURCE } from './system/system-data-source.js';

const optionsOf = (kind: RoleKind) => () =>
  dataSourceOptions(controlSchema, kind, readEnvironment(databaseEnvironment, process.env));

const repositories = [
  ApiKeyRepository,
  AuditRepository,
  ErasureRepository,
  PredictionRepository,
  SlotRepository,
  DueErasures,
  KeyDirectory,
  RetentionRepository,
  PredictionPurge,
];

/** The two ways to the database: by tenant, the default data source; and past tenants, the `system` one. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({ useFactory: optionsOf('runtime') }),
    TypeOrmModule.forRootAsync({ name: SYSTEM_DATA_SOURCE, useFactory: optionsOf('system') }),
  ],
  providers: repositories,
  exports: repositories,
})
export class PersistenceModule {}
