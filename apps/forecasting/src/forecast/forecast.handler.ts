import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { forecast } from '@ganglion/contracts/services/forecasting/forecast';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Forecaster } from './forecast.js';

@Controller()
export class ForecastHandler {
  constructor(private readonly forecaster: Forecaster) {}

  @Handles(forecast)
  forecast(
    @Payload() input: ParsedInputOf<typeof forecast>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof forecast>>> {
    return this.forecaster.forecast(input, context);
  }
}
