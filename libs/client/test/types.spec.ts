/** What must compile, and what must not: `npm run types` is the judge, jest sees only that it runs. */
import { describe, expect, it } from '@jest/globals';
import { defineCapability, type InputOf, type OutputOf } from '@ganglion/contracts/capability';
import { media } from '@ganglion/contracts/media';
import type { createKey, listKeys, revokeKey } from '@ganglion/contracts/services/control-plane/keys';
import type { getPrediction } from '@ganglion/contracts/services/control-plane/predictions';
import { sentiment } from '@ganglion/contracts/services/nlp/sentiment';
import { z } from 'zod';
import { Ganglion, type ApiKey, type CreatedApiKey, type NewApiKey, type Prediction } from '../src/index.js';

type Label = 'negative' | 'positive';
type Mutable<T> = T extends readonly (infer Item)[] ? Item[] : T;

/** Answers every call alike. */
const answer = { id: 'i', model: { id: 'm', version: '1.0.0' }, output: { label: 'positive' }, warnings: [] };
const ganglion = new Ganglion({
  url: 'http://ganglion.test',
  apiKey: 'k',
  fetch: async () => new Response(JSON.stringify({ ...answer, results: [answer] })),
});

const detect = defineCapability({
  service: 'vision',
  operation: 'detect',
  summary: 'Finds things.',
  input: z.strictObject({
    image: media({ types: ['image/png'], maxBytes: 1_000 }),
    top: z.int().default(5),
  }),
  output: z.array(z.string()),
});

describe('types', () => {
  it('come from a contract, named as a type', async () => {
    const { output } = await ganglion.call<typeof sentiment>('nlp', 'sentiment', { text: 'a' });
    const label: Label = output.label;
    expect(label).toBe('positive');
    // @ts-expect-error The contract has no such field.
    await ganglion.call<typeof sentiment>('nlp', 'sentiment', { test: 'a' });
  });

  it('come from a contract, given as a value', async () => {
    const { results } = await ganglion.callMany(sentiment, [{ text: 'a' }]);
    const [first] = results;
    if (first === undefined || 'error' in first) throw new Error('no answer');
    const label: Label = first.output.label;
    expect(label).toBe('positive');
    // @ts-expect-error The text is missing.
    await ganglion.call(sentiment, {});
  });

  it('are unknown without a contract', async () => {
    const { output } = await ganglion.call('nlp', 'sentiment', { text: 'a' });
    // @ts-expect-error It may be anything.
    expect(output.label).toBe('positive');
  });

  it('take bytes and Blobs for media, and leave defaults out', async () => {
    await ganglion.call(detect, { image: new Blob([]) });
    await ganglion.call(detect, { image: new Uint8Array(1), top: 1 });
    // @ts-expect-error No media.
    await ganglion.call(detect, { image: 'path.png' });
  });

  it('of the administration are those of its contracts', () => {
    type Sent = { -readonly [Name in keyof NewApiKey]: Mutable<NewApiKey[Name]> };
    const sent: Sent = { name: 'ci', scopes: ['*'] };
    const create: InputOf<typeof createKey> = sent;
    const created = (key: OutputOf<typeof createKey>): CreatedApiKey => key;
    const shown = (key: OutputOf<typeof revokeKey>): ApiKey => key;
    const listed = (page: OutputOf<typeof listKeys>): readonly ApiKey[] => page.data;
    const recorded = (record: OutputOf<typeof getPrediction>): Prediction => record;
    const fields = (name: keyof OutputOf<typeof getPrediction>): keyof Prediction => name;
    expect([create, created, shown, listed, recorded, fields]).not.toContain(undefined);
  });
});
