import type { OutputOf, ParsedInputOf } from '@ganglion/contracts/capability';
import { forecast } from '@ganglion/contracts/services/forecasting/forecast';
import type { CallContext } from '@ganglion/service-kit/call-context';
import { Handles, type Prediction } from '@ganglion/service-kit/handles';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import type { Slot } from '@ganglion/service-kit/model/slot/slot';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Forecaster } from './forecast.js';

@Controller()
export class ForecastHandler {
  private readonly slot: Slot<Forecaster>;

  constructor(slots: ModelSlots) {
    this.slot = slots.open('forecasting/forecast', (model) => new Forecaster(model));
  }

  @Handles(forecast)
  forecast(
    @Payload() input: ParsedInputOf<typeof forecast>,
    @Ctx() context: CallContext,
  ): Promise<Prediction<OutputOf<typeof forecast>>> {
    return this.slot.use(context, (forecaster, context) => forecaster.forecast(input, context));
  }
}
