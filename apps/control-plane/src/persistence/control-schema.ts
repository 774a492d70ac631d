import type { Schema } from '@ganglion/persistence';
import { ApiKeyEntity } from './api-key.entity.js';
import { AuditEntity } from './audit.entity.js';
import { ErasureEntity } from './erasure.entity.js';
import { ApiKeys1795420000000 } from './migrations/1795420000000-api-keys.js';
import { Predictions1795420001000 } from './migrations/1795420001000-predictions.js';
import { RolesAndRotation1795600000000 } from './migrations/1795600000000-roles-and-rotation.js';
import { Audit1795600001000 } from './migrations/1795600001000-audit.js';
import { Slots1795610000000 } from './migrations/1795610000000-slots.js';
import { Shadows1795610001000 } from './migrations/1795610001000-shadows.js';
import { Retention1795613000000 } from './migrations/1795613000000-retention.js';
import { PredictionEntity } from './prediction.entity.js';
import { RetiredSecretEntity } from './retired-secret.entity.js';
import { RetentionEntity } from './retention.entity.js';
import { SlotEntity } from './slot.entity.js';

/** The control plane's tables. */
export const controlSchema: Schema = {
  name: 'control',
  entities: [
    ApiKeyEntity,
    AuditEntity,
    ErasureEntity,
    PredictionEntity,
    RetentionEntity,
    RetiredSecretEntity,
    SlotEntity,
  ],
  migrations: [
    ApiKeys1795420000000,
    Predictions1795420001000,
    RolesAndRotation1795600000000,
    Audit1795600001000,
    Slots1795610000000,
    Shadows1795610001000,
    Retention1795613000000,
  ],
};
