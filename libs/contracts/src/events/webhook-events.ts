import { z } from 'zod';
import { defineEvent } from '../event.js';

export const webhookDisabled = defineEvent({
  type: 'webhook.disabled',
  summary: 'A webhook was disabled because its endpoint kept failing or said that it is gone.',
  data: z.strictObject({ id: z.uuid(), url: z.string(), reason: z.string() }),
});

/** Goes to the one webhook that is tried, whatever it subscribes to. */
export const webhookTest = defineEvent({
  type: 'webhook.test',
  summary: 'Somebody tries a webhook.',
  data: z.strictObject({ id: z.uuid() }),
});
