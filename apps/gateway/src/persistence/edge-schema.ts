import type { Schema } from '@ganglion/persistence';

/** The gateway's tables. */
export const edgeSchema: Schema = {
  name: 'edge',
  entities: [],
  migrations: [],
};
