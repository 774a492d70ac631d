import { defineErasure } from '../erasure.js';

/** Removes what the gateway keeps: jobs, idempotency keys, schedules, deliveries. */
export const eraseEdgeData = defineErasure('edge');
