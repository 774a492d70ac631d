import { databaseEnvironment } from '@ganglion/persistence';
import { defineEnvironment } from '@ganglion/service-kit/environment';

export const environment = defineEnvironment({
  ...databaseEnvironment,
  bootstrapKey: {
    env: 'GANGLION_BOOTSTRAP_KEY',
    type: 'secret',
    default: null,
    doc: 'The first API key (`gk_live_` and 32 random bytes as base64url): stored at start, unless it is known already.',
  },
});
