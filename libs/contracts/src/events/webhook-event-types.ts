import type { EventType } from '../event.js';
import { jobCompleted, jobFailed } from './job-events.js';
import { webhookDisabled } from './webhook-events.js';

/** What a webhook may subscribe to. */
export const WEBHOOK_EVENT_TYPES: readonly EventType[] = [jobCompleted, jobFailed, webhookDisabled];
