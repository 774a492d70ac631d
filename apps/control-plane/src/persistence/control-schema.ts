import type { Schema } from '@ganglion/persistence';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeys1795420000000 } from './migrations/1795420000000-api-keys.js';
import { Predictions1795420001000 } from './migrations/1795420001000-predictions.js';
import { PredictionEntity } from './prediction.entity.js';

/** The control plane's tables. */
export const controlSchema: Schema = {
  name: 'control',
  entities: [ApiKeyEntity, PredictionEntity],
  migrations: [ApiKeys1795420000000, Predictions1795420001000],
};
