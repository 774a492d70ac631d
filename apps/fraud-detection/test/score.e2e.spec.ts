import type { Answer, Answers } from '@ganglion/contracts/answer';
import type { InputOf, OutputOf } from '@ganglion/contracts/capability';
import type { ServiceError } from '@ganglion/contracts/errors';
import { score } from '@ganglion/contracts/services/fraud-detection/score';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import {
  LedgerInMemory,
  refusalOf,
  startServers,
  testService,
  type TestServers,
  type TestService,
} from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { golden } from '../src/score/golden.fixture.js';
import { ScoreHandler } from '../src/score/score.handler.js';

type Input = InputOf<typeof score>;
type Scored = Answer<OutputOf<typeof score>>;

let servers: TestServers;
let service: TestService;
let ledger: TestService | undefined;

beforeAll(async () => {
  servers = await startServers();
  const { environment } = servers;
  ledger = await testService({ name: 'control-plane', controllers: [LedgerInMemory], environment });
  service = await testService({
    name: 'fraud-detection',
    imports: [ModelModule.of(new URL('..', import.meta.url), process.env)],
    controllers: [ScoreHandler],
    environment,
  });
});

afterAll(async () => {
  await service?.stop();
  await ledger?.stop();
  await servers?.stop();
});

const call = async (input: Input): Promise<Scored> => (await service.call(score, input)) as unknown as Scored;

const refusal = (input: unknown): Promise<ServiceError> => refusalOf(service.call(score, input as Input));

const [risky, ordinary, , unknown] = golden.cases.map(({ input }) => input) as [Input, Input, Input, Input];

describe('score', () => {
  it.each(golden.cases.map((entry) => [entry.name, entry] as const))(
    'says of %s what the reference says',
    async (_, expected) => {
      const { output, model } = await call(expected.input);
      expect(model).toEqual({ id: 'fraud-mlp', version: '1.0.0' });
      expect(output.logOdds).toBeCloseTo(expected.logOdds, 3);
      expect(output.baseLogOdds).toBeCloseTo(expected.baseLogOdds, 3);
      expect(output.probability).toBeCloseTo(1 / (1 + Math.exp(-expected.logOdds)), 5);
      for (const { factor, contribution } of output.reasons) {
        expect(contribution).toBeCloseTo(expected.contributions[factor] as number, 3);
      }
    },
  );

  it('gives reasons that add up, that which moved it most first', async () => {
    const { output } = await call(risky);
    const total = output.reasons.reduce((sum, { contribution }) => sum + contribution, output.baseLogOdds);
    expect(total).toBeCloseTo(output.logOdds, 4);
    expect(output.reasons).toHaveLength(6);
    const sizes = output.reasons.map(({ contribution }) => Math.abs(contribution));
    expect(sizes).toEqual([...sizes].sort((left, right) => right - left));
    expect(output.reasons[0]?.factor).toBe('terminal-risk');
  });

  it('finds frauds at the terminal suspicious, and an ordinary purchase not', async () => {
    const [suspicious, plain] = await Promise.all([call(risky), call(ordinary)]);
    expect(suspicious.output.probability).toBeGreaterThan(0.5);
    expect(plain.output.probability).toBeLessThan(0.02);
    expect(plain.warnings).toEqual([]);
  });

  it('says what it assumed of the unknown, and what was beyond the training data', async () => {
    const { warnings } = await call(unknown);
    expect(warnings).toEqual([
      'The customer is unknown: no transaction in the last 30 days. A mean amount of 53.62 was assumed.',
      'The terminal is unknown: no transaction between 37 and 7 days ago. No frauds at it were assumed.',
      'The amount is 99000, beyond the training data: it was scored as 1066.85.',
      "The number of the terminal's transactions of 30 days, a week before, is 0, beyond the training data: it was scored as 5.",
    ]);
  });

  it.each([...score.examples])('answers the example "$title" as the contract shows it', async (example) => {
    const { output, warnings } = await call(example.input);
    expect(warnings).toEqual([]);
    expect(output.probability).toBeCloseTo(example.output.probability, 2);
    output.reasons.forEach(({ factor, contribution, sentence }, i) => {
      expect(example.output.reasons[i]).toMatchObject({ factor, sentence });
      expect(contribution).toBeCloseTo(example.output.reasons[i]?.contribution as number, 2);
    });
  });

  it('is in the ledger before it is answered', async () => {
    const { id, output } = await call(ordinary);
    expect(LedgerInMemory.recorded).toContainEqual(expect.objectContaining({ id, output }));
  });

  it('answers 256 at once, in order, each as alone; a broken one spoils none', async () => {
    const inputs: unknown[] = Array.from({ length: 256 }, (_, i) => (i % 2 ? risky : ordinary));
    inputs[7] = { ...risky, transaction: { ...risky.transaction, amount: -1 } };
    const { results } = (await service.call(score, { inputs } as never)) as unknown as Answers;
    const alone = [await call(ordinary), await call(risky)];
    expect(results).toHaveLength(256);
    results.forEach((result, i) => {
      if (i === 7) return expect(result).toMatchObject({ error: { code: 'invalid_input', status: 422 } });
      const { output } = result as Scored;
      expect(output.logOdds).toBeCloseTo(alone[i % 2]?.output.logOdds as number, 4);
    });
  });
});

describe('an input that cannot be used', () => {
  const { transaction, customer, terminal } = ordinary;
  const withAmount = (amount: unknown) => ({ customer, terminal, transaction: { ...transaction, amount } });
  const withTime = (at: string) => ({ customer, terminal, transaction: { ...transaction, at } });
  const withEntry = (entry: object) => ({ transaction, terminal, customer: { history: [entry] } });
  const tooMany = Array.from({ length: 5_001 }, () => ({ at: transaction.at, fraud: false }));

  it.each([
    ['a negative amount', withAmount(-0.01), '/transaction/amount'],
    ['NaN', withAmount(NaN), '/transaction/amount'],
    ['infinity', withAmount(Infinity), '/transaction/amount'],
    ['1e308', withAmount(1e308), '/transaction/amount'],
    ['an amount as text', withAmount('12.50'), '/transaction/amount'],
    ['no amount', withAmount(undefined), '/transaction/amount'],
    ['a time without an offset', withTime('2026-05-20T12:00:00'), '/transaction/at'],
    ['the 30th of February', withTime('2026-02-30T12:00:00Z'), '/transaction/at'],
    ['an hour that is none', withTime('2026-05-20T24:30:00Z'), '/transaction/at'],
    ['a history without times', withEntry({ amount: 5 }), '/customer/history/0/at'],
    [
      'a negative amount in the past',
      withEntry({ at: transaction.at, amount: -5 }),
      '/customer/history/0/amount',
    ],
    ['a feature missing', { transaction, customer }, '/terminal'],
    [
      'a history that is too long',
      { transaction, customer, terminal: { history: tooMany } },
      '/terminal/history',
    ],
  ])('%s is refused, with its place', async (_, input, pointer) => {
    const error = await refusal(input);
    expect(error.spec.status).toBe(422);
    expect(error.errors?.map((problem) => problem.pointer)).toContain(pointer);
  });

  it('an option that there is not is refused', async () => {
    const error = await refusal({ ...ordinary, threshold: 0.5 });
    expect(error.code).toBe('unknown_option');
  });
});

describe('with the ledger away', () => {
  it('withholds the answer', async () => {
    await ledger?.stop();
    ledger = undefined;
    expect(await refusal(ordinary)).toMatchObject({ code: 'ledger_unavailable', spec: { status: 503 } });
  });
});
