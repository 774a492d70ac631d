import { defineEnvironment, type Settings } from '@ganglion/service-kit/environment';

/** What a key may ask for that has no limits of its own. */
export const limitsEnvironment = defineEnvironment({
  requestsPerSecond: {
    env: 'GANGLION_REQUESTS_PER_SECOND',
    type: 'integer',
    min: 1,
    max: 100_000,
    default: null,
    doc: 'Calls a second that a key without a limit of its own may make, over all gateways; any number, unless told otherwise.',
  },
  concurrency: {
    env: 'GANGLION_CONCURRENCY',
    type: 'integer',
    min: 1,
    max: 100_000,
    default: null,
    doc: 'Calls at the same time that a key without a limit of its own may have, over all gateways; any number, unless told otherwise.',
  },
});

export type LimitsSettings = Settings<typeof limitsEnvironment>;
