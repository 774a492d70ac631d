/**
 * A service, as an app is one, whose one operation runs the model of its slot for as long as it is told to.
 *
 * Usage: node slow-service.fixture.mjs <folder of the app>
 */
import { pathToFileURL } from 'node:url';
import { defineCapability } from '@ganglion/contracts/capability';
import { bootstrap } from '@ganglion/service-kit/bootstrap';
import { Handles } from '@ganglion/service-kit/handles';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import { Controller, Inject, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { z } from 'zod';

const compute = defineCapability({
  service: 'slow',
  operation: 'compute',
  summary: 'Computes as long as it is told to.',
  input: z.strictObject({ trips: z.int() }),
  output: z.strictObject({ y: z.number() }),
  deadlineMs: 60_000,
});

class SlowHandler {
  constructor(slots) {
    this.slot = slots.open('slow/compute', (model) => model);
  }

  compute({ trips }, context) {
    return this.slot.use(context, async (model) => {
      const count = { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(trips)) };
      const { y } = await model.run({ trips: count }, context);
      return { y: y.data[0] };
    });
  }
}
// What decorators come to; this file is run as it is.
const method = Object.getOwnPropertyDescriptor(SlowHandler.prototype, 'compute');
Inject(ModelSlots)(SlowHandler, undefined, 0);
Payload()(SlowHandler.prototype, 'compute', 0);
Ctx()(SlowHandler.prototype, 'compute', 1);
Handles(compute)(SlowHandler.prototype, 'compute', method);
Controller()(SlowHandler);

class AppModule {}
const app = pathToFileURL(`${process.argv[2]}/`);
Module({ imports: [ModelModule.of(app)], controllers: [SlowHandler] })(AppModule);

await bootstrap({ name: 'slow', version: '1.0.0', summary: 'A slow service.', module: AppModule });
