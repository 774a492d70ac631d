import { readFileSync } from 'node:fs';
import type { Answer, Answers } from '@ganglion/contracts/answer';
import type { OutputOf } from '@ganglion/contracts/capability';
import { sentiment } from '@ganglion/contracts/services/nlp/sentiment';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { startServers, testService, type TestServers, type TestService } from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SentimentHandler } from '../src/sentiment/sentiment.handler.js';

type Output = OutputOf<typeof sentiment>;

const golden = JSON.parse(
  readFileSync(new URL('../src/sentiment/golden/answers.json', import.meta.url), 'utf8'),
) as {
  reference: string;
  tolerance: { absolute: number };
  answers: (Output & { name: string; text: string; windows: number; unknown: number })[];
};

let servers: TestServers;
let service: TestService;

beforeAll(async () => {
  servers = await startServers();
  service = await testService({
    name: 'nlp',
    imports: [ModelModule.of(new URL('..', import.meta.url), process.env)],
    controllers: [SentimentHandler],
    // No control plane takes the ledger's events here: the service need not wait for it in the end.
    environment: { ...servers.environment, GANGLION_DRAIN_MS: '200' },
  });
}, 30_000);

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

const call = async (input: unknown) =>
  (await service.call(sentiment, input as { text: string })) as unknown as Answer<Output> & Answers<Output>;

function expectAlike({ label, probabilities }: Output, expected: Output): void {
  const { absolute } = golden.tolerance;
  expect(label).toBe(expected.label);
  expect(Math.abs(probabilities.positive - expected.probabilities.positive)).toBeLessThan(absolute);
  expect(Math.abs(probabilities.negative - expected.probabilities.negative)).toBeLessThan(absolute);
}

describe(`sentiment against ${golden.reference}`, () => {
  it.each(golden.answers)('answers alike: $name', async ({ text, windows, unknown, ...expected }) => {
    const { output, model, warnings } = await call({ text });
    expect(model).toEqual({ id: 'minilm-sentiment', version: '1.0.0' });
    expectAlike(output, expected);
    expect(warnings).toEqual([
      ...(windows > 1
        ? [`The text was read in ${windows} windows; their logits were averaged by length.`]
        : []),
      ...(unknown > 0 ? [expect.stringMatching(`^${unknown} of \\d+ word pieces are unknown`)] : []),
    ]);
  });

  it('answers alike for many at once, padded to one length', async () => {
    const { results } = await call({ inputs: golden.answers.map(({ text }) => ({ text })) });
    expect(results).toHaveLength(golden.answers.length);
    results.forEach((result, index) => {
      expectAlike((result as Answer<Output>).output, golden.answers[index]!);
    });
  });

  it('answers the example of the contract as it says', async () => {
    for (const { input, output } of sentiment.examples) {
      const answer = await call(input);
      expect(answer.output.label).toBe(output.label);
      expect(answer.output.probabilities.positive).toBeCloseTo(output.probabilities.positive, 2);
    }
  });
});

describe('sentiment', () => {
  it.each([
    ['nothing', '', 'invalid_input'],
    ['white space', ' \n\t\u3000', 'invalid_input'],
    ['control characters', '\u0000\u200b\u0007', 'invalid_input'],
    ['more than 20,000 characters', 'a '.repeat(10_001), 'invalid_input'],
  ])('refuses %s, and says where', async (_, text, code) => {
    await expect(call({ text })).rejects.toMatchObject({ code, errors: [{ pointer: '/text' }] });
  });

  it('answers what is right beside what is wrong', async () => {
    const { results } = await call({ inputs: [{ text: 'Lovely.' }, { text: ' ' }, { text: 7 }] });
    expect(results).toMatchObject([
      { output: { label: 'positive' } },
      { error: { code: 'invalid_input' } },
      { error: { code: 'invalid_input', errors: [{ pointer: '/inputs/2/text' }] } },
    ]);
  });

  it('reads as much of 20,000 single signs as it may, and says so', async () => {
    const { output, warnings } = await call({ text: '好'.repeat(20_000) });
    expect(output.probabilities.positive + output.probabilities.negative).toBeCloseTo(1, 9);
    expect(warnings[1]).toBe('Only the first 5080 of 20000 word pieces were read: the text is too long.');
  }, 30_000);
});
