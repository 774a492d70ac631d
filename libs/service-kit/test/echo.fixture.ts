import { setTimeout as sleep } from 'node:timers/promises';
import { defineCapability, type ParsedInputOf } from '@ganglion/contracts/capability';
import { CORE_ERRORS, defineErrors, ServiceError, type CoreErrorCode } from '@ganglion/contracts/errors';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import type { CallContext } from '../src/call-context.js';
import { Handles, type Prediction } from '../src/handles.js';

const service = 'echo';
const text = z.strictObject({ text: z.string().min(1) });
const prediction = { retainInput: 'never', retainDays: 1, reviewable: false } as const;

export const say = defineCapability({
  service,
  operation: 'say',
  summary: 'Gives a text back.',
  input: text.extend({ times: z.int().min(1).max(10_000_000).default(1) }),
  output: text,
  prediction: { ledger: 'async', ...prediction },
  maxItems: 4,
});

export const swear = defineCapability({
  service,
  operation: 'say.solemnly',
  summary: 'Gives a text back once it is in the ledger.',
  input: text,
  output: text,
  prediction: { ledger: 'before-answer', ...prediction },
});

export const echoErrors = defineErrors(service, {
  tired: { status: 418, title: 'The echo is tired', retryable: false },
});

export const fail = defineCapability({
  service,
  operation: 'fail',
  summary: 'Fails as told.',
  input: z.strictObject({
    code: z.enum([...(Object.keys(CORE_ERRORS) as CoreErrorCode[]), 'echo.tired', 'defect']),
  }),
  output: z.strictObject({}),
  errors: [echoErrors.tired],
});

export const dawdle = defineCapability({
  service,
  operation: 'dawdle',
  summary: 'Takes its time, unless it is told to stop.',
  input: z.strictObject({ ms: z.int() }),
  output: z.strictObject({ stopped: z.boolean() }),
  deadlineMs: 2_000,
});

const model = { id: 'echo', version: '1.0.0' };

@Controller()
export class EchoHandler {
  /** Set when a call's signal was aborted while its handler ran. */
  static lastAbort: unknown;

  @Handles(say)
  say(
    @Payload() input: ParsedInputOf<typeof say>,
    @Ctx() context: CallContext,
  ): Prediction<{ text: string }> {
    if (input.text === 'blasphemy') {
      const detail = 'Not here.';
      throw new ServiceError('invalid_input', detail, { errors: [{ pointer: '/text', detail }] });
    }
    const repeated = context.timing.measure('compute', () => input.text.repeat(input.times));
    return {
      model,
      output: { text: repeated },
      warnings: input.times > 1 ? ['repeated'] : [],
      confidence: 1,
    };
  }

  @Handles(swear)
  swear(@Payload() input: ParsedInputOf<typeof swear>): Prediction<{ text: string }> {
    return { model, output: { text: input.text } };
  }

  @Handles(fail)
  fail(@Payload() { code }: ParsedInputOf<typeof fail>): never {
    if (code === 'defect') throw new TypeError('a secret of the implementation');
    if (code === 'echo.tired') throw new ServiceError(echoErrors.tired, 'Try another valley.');
    throw new ServiceError(code as CoreErrorCode, `Told to fail with ${code}.`, {
      errors: [{ pointer: '/code', detail: 'that one' }],
      retryAfterMs: 250,
    });
  }

  @Handles(dawdle)
  async dawdle(@Payload() { ms }: ParsedInputOf<typeof dawdle>, @Ctx() { signal }: CallContext) {
    try {
      await sleep(ms, undefined, { signal });
      return { stopped: false };
    } catch {
      EchoHandler.lastAbort = signal.reason;
      return { stopped: true };
    }
  }
}

export const leave = defineCapability({ ...dawdle, service: 'leaving', http: null });

@Controller()
export class LeavingHandler {
  @Handles(leave)
  async leave(@Payload() { ms }: ParsedInputOf<typeof leave>) {
    await sleep(ms);
    return { stopped: false };
  }
}
